/** Next calls this once before it answers the first request, in every mode but the build. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs' || process.env.NEXT_PHASE === 'phase-production-build') return
  if (process.env.NODE_ENV === 'production') (await import('./lib/ops/no-upgrades')).refuseUpgrades()
  const { boot } = await import('./lib/ops/boot')
  await boot()
}
