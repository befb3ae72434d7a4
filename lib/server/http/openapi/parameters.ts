/** Limits and values of request parameters, shared by the handlers and the OpenAPI description. */

/** Longest question or filter, in characters. */
export const LONGEST_QUERY = 500;
export const TOPOLOGY_FORMATS = ['json', 'keyframe'] as const;
export const THEMES = ['light', 'dark'] as const;
/** Longest request of the Model Context Protocol, in bytes. */
export const MOST_MCP_BYTES = 64 * 1024;
