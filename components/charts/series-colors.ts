/** The five colours of categories; a sixth and later series are folded into Other. */
export const seriesColors = [
  'var(--chart-1)',
  'var(--chart-2)',
  'var(--chart-3)',
  'var(--chart-4)',
  'var(--chart-5)',
] as const
export const otherColor = 'var(--chart-other)'
export const mostSeries = seriesColors.length

/** Families of models keep their colour on every page and in every range. */
const familyColors = [
  [/opus/, seriesColors[0]],
  [/sonnet/, seriesColors[1]],
  [/haiku/, seriesColors[2]],
  [/fable/, seriesColors[3]],
  [/mythos/, seriesColors[4]],
] as const

/** Colours for models in their order: the family's own, unless an earlier model of the family took it. */
export function chooseModelColors(models: readonly string[]): Map<string, string> {
  const chosen = new Map<string, string>()
  const isFree = (color: string) => ![...chosen.values()].includes(color)
  for (const model of models) {
    const own = familyColors.find(([family]) => family.test(model))?.[1]
    chosen.set(model, own && isFree(own) ? own : (seriesColors.find(isFree) ?? otherColor))
  }
  return chosen
}
