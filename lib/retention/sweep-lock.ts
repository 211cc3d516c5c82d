/** Of the advisory lock under which one process at a time removes something. */
export const sweepLock = 727_073_702
