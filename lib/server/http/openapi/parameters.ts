/** Limits and values of request parameters, shared by the handlers and the OpenAPI description. */

/** Maximum length of a question or filter, in characters. */
export const LONGEST_QUERY = 500;
export const TOPOLOGY_FORMATS = ['json', 'keyframe'] as const;
export const THEMES = ['light', 'dark'] as const;
/** Maximum size of a Model Context Protocol request, in bytes. */
export const MOST_MCP_BYTES = 64 * 1024;
