/** Response header of an ifscope that shows a file: its records are as old as the file. */
export const FILE_HEADER = 'x-ifscope-file';
