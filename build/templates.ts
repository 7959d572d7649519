import { packageRoot } from '../src/base/packageRoot.ts';
import { writeCompiledTemplates } from './compiledTemplates.ts';

writeCompiledTemplates(packageRoot());
