import { Subgenerator } from '../subgenerator.ts';

export default class extends Subgenerator {
  readonly word = 'monitoring';
}
