/** What parameters of the HTTP interface may be: its handlers and its description read this alike. */

/** Characters of a question or a filter that are read. */
export const LONGEST_QUERY = 500;
export const TOPOLOGY_FORMATS = ['json', 'keyframe'] as const;
export const THEMES = ['light', 'dark'] as const;
/** Bytes of a call of the Model Context Protocol that are read. */
export const MOST_MCP_BYTES = 64 * 1024;
