import { PageOutline } from '@/components/shell/page-outline'

/**
 * The outline of every page of this group. A page of one thing stands outside of it and shows the outline itself, once
 * the thing is found: what has begun with an outline can answer 404 no more.
 */
export default function Loading() {
  return <PageOutline />
}
