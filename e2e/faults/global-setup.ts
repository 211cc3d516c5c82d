import { forgetFigures, printFigures } from './figures'

/** Every run ends with the table of its figures. */
export default function setup(): () => void {
  forgetFigures()
  return printFigures
}
