/** The header in which an ifscope that shows a file says so: its records are as old as the file, whatever the clock says. */
export const FILE_HEADER = 'x-ifscope-file';
