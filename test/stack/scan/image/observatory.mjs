// node observatory.mjs HOST: what MDN HTTP Observatory says of https://HOST/, as JSON. Not by its own command: that one
// replaces NODE_EXTRA_CA_CERTS, and so calls every private certificate invalid.
import { scan } from '@mdn/mdn-http-observatory/src/scanner/index.js';

const { scan: summary, tests } = await scan(process.argv[2]);
const rows = Object.values(tests).map(({ result, pass, scoreModifier }) => ({ result, pass, points: scoreModifier }));
console.log(JSON.stringify({ score: summary.score, grade: summary.grade, rows }));
