/**
 * The canonical id behind the names a model goes by: provider prefixes (`us.anthropic.`, `anthropic/`), Bedrock versions
 * (`-v1:0`), Vertex dates (`@20251001`), dated snapshots, `-latest`, `-fast` and the client's own `[1m]`.
 */
export function normaliseModel(name: string): string {
  let model = name.trim().toLowerCase()
  model = model.slice(model.lastIndexOf('/') + 1)
  model = model.replace(/^(?:[a-z-]{1,20}\.)?anthropic\./, '')
  for (const suffix of suffixes) model = model.replace(suffix, '')
  return model
}

/** In the order in which they come off, from the right. */
const suffixes = [
  /\[\d{1,2}m\]$/,
  /(?::\d{1,4}k?){0,2}$/,
  /-v\d{1,2}$/,
  /@(?:\d{8}|latest|default)$/,
  /-fast$/,
  /-latest$/,
  /-\d{8}$/,
]
