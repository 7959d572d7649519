import { scenarioNames, writeTree } from './goldenTrees.ts';

/** `npm run golden`: writes the trees anew, to be read as a diff before they are committed. */
for (const name of scenarioNames) writeTree(name);
