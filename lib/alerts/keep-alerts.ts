import { setTimeout as delay } from 'node:timers/promises'
import { takeLease } from '@/lib/accounts/lease'
import { hotPool } from '@/lib/db'
import { env } from '@/lib/env'
import { log } from '@/lib/log'
import { openChannels, type OpenChannel } from './channels'
import { deliver, type DeliverOptions } from './deliver'
import { measureAll, type AlertWorld, type Measurement } from './measure'
import { stepRule, type Step } from './rule-state'
import { listRules, type AlertRule } from './rules'
import { saveSamples } from './samples'

const lookEveryMs = 30_000
/** Shorter than the interval, so that a process may look twice in a row; longer than the clocks of two may differ. */
const leaseMs = 20_000

/** Looks at every rule twice a minute, in one process of all, until the signal. */
export async function keepAlerts(world: AlertWorld, signal: AbortSignal): Promise<void> {
  const watch = new AlertWatch(world)
  while (!signal.aborted) {
    await delay(lookEveryMs, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return
    await watch.look(new Date()).catch((error: unknown) => log().warn({ error }, 'the alerts could not be looked at'))
  }
}

/** Remembers rules and channels: an alert about a database that is away must not need it. */
export class AlertWatch {
  private rules: readonly AlertRule[] = []
  private channels: readonly OpenChannel[] = []

  constructor(
    private readonly world: AlertWorld,
    private readonly options: DeliverOptions = {},
  ) {}

  async look(now: Date): Promise<void> {
    const isUp = await this.reload()
    if (isUp && !(await takeLease('alerts', leaseMs))) return
    const measurements = await measureAll(this.world, now)
    if (isUp) {
      await saveSamples(measurements, now).catch((error: unknown) =>
        log().warn({ error }, 'the figures behind alerts cannot be kept'),
      )
    }
    const enabled = this.rules.filter(({ isEnabled }) => isEnabled)
    await Promise.all(
      enabled.map(async (rule) => {
        const measurement = measurements.get(rule.metric)
        if (measurement) await this.lookAt(rule, measurement, now)
      }),
    )
  }

  private async reload(): Promise<boolean> {
    try {
      const [rules, channels] = await Promise.all([listRules(), openChannels()])
      Object.assign(this, { rules, channels })
      return true
    } catch (error) {
      log().debug({ error }, 'the rules of alerts cannot be read now; those known go on')
      return false
    }
  }

  private async lookAt(rule: AlertRule, measurement: Measurement, now: Date): Promise<void> {
    const step = stepRule(rule, rule, { value: measurement.value, at: now })
    // Before it is told, so that a crash tells once too little rather than for ever.
    const isOurs = await saveState(rule, step, { ...measurement, now }).catch((error: unknown) => {
      log().debug({ error }, 'the state of an alert cannot be kept now')
      return true
    })
    if (!isOurs) return
    this.rules = this.rules.map((known) => (known.ruleId === rule.ruleId ? { ...known, ...step.state } : known))
    const { event } = step
    if (!event) return
    const { ruleId, name, metric, threshold, channelIds } = rule
    log().warn({ rule: name, metric, value: measurement.value, event }, 'an alert')
    const told = { id: ruleId, name, metric, threshold }
    const news = { event, rule: told, ...measurement, at: now, publicUrl: env().publicUrl }
    const channels = this.channels.filter(({ channelId }) => channelIds.includes(channelId))
    await Promise.all(channels.map((channel) => deliver(channel, news, this.options)))
  }
}

/** false: the rule was changed while its figure was measured, or another process has told of it. */
async function saveState(rule: AlertRule, { state }: Step, seen: Measurement & { now: Date }): Promise<boolean> {
  const { rowCount } = await hotPool().query(
    `UPDATE alert_rules SET firing_since = $2, notified_at = $3, last_value = $4, last_subject = $5, checked_at = $6
     WHERE id = $1 AND is_enabled AND threshold = $7::float8
       AND firing_since IS NOT DISTINCT FROM $8::timestamptz AND notified_at IS NOT DISTINCT FROM $9::timestamptz`,
    [
      ...[rule.ruleId, state.firingSince, state.notifiedAt, seen.value, seen.subject, seen.now],
      ...[rule.threshold, rule.firingSince, rule.notifiedAt],
    ],
  )
  return rowCount === 1
}
