'use client'

import { useState } from 'react'
import { sendJson } from '@/components/shell/fetcher'
import { Card, CardBody, CardHeader } from '@/components/ui/card'
import { Switch } from '@/components/ui/checkbox'
import { Field } from '@/components/ui/field'
import { Select } from '@/components/ui/select'
import { toast } from '@/components/ui/toast'
import type { DomainRow } from './domain-columns'

type Policies = Pick<DomainRow, 'capture' | 'isPassThroughAllowed' | 'failover' | 'bodyReaders'>

/** What holds for every call of a domain. Each choice counts at once; a failed one goes back. */
export function DomainPoliciesCard({ initial, mayWrite }: { initial: DomainRow; mayWrite: boolean }) {
  const [domain, setDomain] = useState(initial)

  async function change(policy: Partial<Policies>) {
    const before = domain
    setDomain({ ...domain, ...policy })
    try {
      setDomain(await sendJson<DomainRow>(`/api/domains/${domain.domainId}`, { method: 'PATCH', body: policy }))
    } catch (error) {
      setDomain(before)
      toast.failure(error)
    }
  }

  return (
    <Card>
      <CardHeader title="Policies" />
      <CardBody className="flex flex-col gap-5">
        <Field label="Record" hint="Tokens, costs and times are recorded either way.">
          <Select
            value={domain.capture}
            disabled={!mayWrite}
            onChange={(event) => void change({ capture: event.target.value as Policies['capture'] })}
          >
            <option value="full">Everything: requests and answers</option>
            <option value="metadata">Figures, headers and timings: never what was said</option>
            <option value="off">Figures only</option>
          </Select>
        </Field>
        <Field
          label="Who may read what was said"
          hint="Viewers see numbers only. Every look is in the audit log. Only an owner may choose or leave the first."
        >
          <Select
            value={domain.bodyReaders}
            disabled={!mayWrite}
            onChange={(event) => void change({ bodyReaders: event.target.value as Policies['bodyReaders'] })}
          >
            <option value="owner">Owners alone</option>
            <option value="members">Owners, admins, its own members</option>
            <option value="all">Owners, admins and every member</option>
          </Select>
        </Field>
        <Field
          label="When an account fails, go on to"
          hint="Only before the answer has begun. Organisations are set on the accounts, under Advanced."
        >
          <Select
            value={domain.failover}
            disabled={!mayWrite}
            onChange={(event) => void change({ failover: event.target.value as Policies['failover'] })}
          >
            <option value="same_organization">Accounts of its organisation</option>
            <option value="any">Any other account</option>
            <option value="off">None: the client gets the failure</option>
          </Select>
        </Field>
        <Switch
          label="Pass-through"
          hint={`Clients that reach the proxy as ${domain.domain} may use their own Claude login or key. It is relayed unchanged and never stored; the record shows a fingerprint. Anthropic’s terms want each person to use their own login for themselves: leave this off unless that is so.`}
          checked={domain.isPassThroughAllowed}
          disabled={!mayWrite}
          onChange={(event) => void change({ isPassThroughAllowed: event.target.checked })}
        />
      </CardBody>
    </Card>
  )
}
