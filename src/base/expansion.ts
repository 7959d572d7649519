/**
 * What a text may be long with the values of its variables put in, and all texts of one file together. Values hold values: a file of a few
 * lines would become gigabytes, and nobody writes a command or a setting of this length.
 */
export const longestExpansion = { text: 65_536, file: 1_048_576 } as const;
