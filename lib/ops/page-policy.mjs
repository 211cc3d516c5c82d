/**
 * The content security policy of a page, where scripts may come from `scripts`. Plain JavaScript: next.config.mjs
 * needs it before anything is built.
 *
 * @param {string} scripts
 */
export function buildPagePolicy(scripts) {
  return [
    "default-src 'none'",
    `script-src ${scripts}`,
    // React and recharts set style attributes; no style sheet comes from elsewhere.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "object-src 'none'",
  ].join('; ')
}
