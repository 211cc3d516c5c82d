/** Recording that is this far behind concerns people: health, the doctor and the pages say so. */
export const lagOfConcernMs = 60_000
