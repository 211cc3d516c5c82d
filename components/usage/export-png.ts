/** Saves the drawing of a chart as a picture, twice its size, on the page's own ground. Browser only. */
export async function savePng(drawing: SVGSVGElement, fileName: string): Promise<void> {
  const { width, height } = drawing.getBoundingClientRect()
  const picture = await loadPicture(drawingUrl(drawing, { width, height }))
  const canvas = document.createElement('canvas')
  canvas.width = width * 2
  canvas.height = height * 2
  const context = canvas.getContext('2d')
  if (!context) throw new Error('This browser cannot draw pictures.')
  context.fillStyle = getComputedStyle(document.body).backgroundColor
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(picture, 0, 0, canvas.width, canvas.height)
  const link = document.createElement('a')
  link.href = canvas.toDataURL('image/png')
  link.download = fileName
  link.click()
}

const shownProperties = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'fill-opacity',
  'opacity',
  'font-size',
  'font-family',
]

/** Outside of the page no style sheet counts: what is seen is written onto a copy. */
function drawingUrl(drawing: SVGSVGElement, size: { width: number; height: number }): string {
  const copy = drawing.cloneNode(true) as SVGSVGElement
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg')
  copy.setAttribute('width', String(size.width))
  copy.setAttribute('height', String(size.height))
  const [seen, written] = [drawing, copy].map((svg) => [svg, ...svg.querySelectorAll<SVGElement>('*')])
  seen?.forEach((element, index) => {
    const style = getComputedStyle(element)
    for (const name of shownProperties)
      (written?.[index] as SVGElement).style.setProperty(name, style.getPropertyValue(name))
  })
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`
}

function loadPicture(url: string): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const picture = new Image()
    picture.onload = () => resolve(picture)
    picture.onerror = () => reject(new Error('The chart could not be drawn as a picture.'))
    picture.src = url
  })
}
