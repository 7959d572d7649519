import { keep, writeGolden } from './goldenFiles.ts';
import { renderTrees } from './goldenTrees.ts';

/** `npm run golden`: writes the trees anew, to be read as a diff before they are committed. */
writeGolden(keep(renderTrees()));
