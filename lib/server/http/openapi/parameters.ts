/** Limits and values of request parameters, shared by the handlers and the OpenAPI description. */

/** Maximum length of a question or filter, in characters. */
export const MAX_QUERY = 500;
/** The values of `format` of `GET /api/topology`. */
export const TOPOLOGY_FORMATS = ['json', 'keyframe'] as const;
/** The values of `theme`. */
export const PICTURE_THEMES = ['light', 'dark'] as const;
/** Maximum size of a Model Context Protocol request, in bytes. */
export const MAX_MCP_BYTES = 64 * 1024;
