'use client'

import { Dialog } from '@/components/ui/dialog'
import { Kbd } from '@/components/ui/kbd'
import { shortcutGroups } from './shortcuts'

interface CheatSheetProps {
  isOpen: boolean
  onOpenChange: (isOpen: boolean) => void
}

export function CheatSheet({ isOpen, onOpenChange }: CheatSheetProps) {
  return (
    <Dialog isOpen={isOpen} onOpenChange={onOpenChange} title="Keyboard shortcuts">
      <div className="gap-6 pb-4 sm:columns-2">
        {shortcutGroups.map((group) => (
          <section key={group.title} className="mb-6 break-inside-avoid">
            <h3 className="mb-2 text-table font-semibold text-muted">{group.title}</h3>
            <dl className="flex flex-col gap-1.5">
              {group.shortcuts.map((shortcut) => (
                <div key={shortcut.keys.join()} className="flex items-center justify-between gap-4 text-body">
                  <dt>{shortcut.does}</dt>
                  <dd className="flex shrink-0 gap-1">
                    {shortcut.keys.map((key) => (
                      <Kbd key={key}>{key}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
