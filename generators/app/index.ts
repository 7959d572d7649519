import { Subgenerator } from '../subgenerator.ts';

/** `yo comicpile`: every owner's files, as one set that is written whole or not at all. */
export default class extends Subgenerator {
  readonly word: undefined = undefined;
}
