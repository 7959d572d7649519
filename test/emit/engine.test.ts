import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compile, run } from '../../src/emit/engine.ts';
import { readTemplate } from '../../src/emit/grammar.ts';
import { absent, reference } from './reference.ts';

const leak = 'LEAK-4f1d';
const touched: string[] = [];
const trap = (name: string) => ({
  configurable: true,
  get: () => {
    touched.push(name);
    return leak;
  },
});
const bait = (own: object): object =>
  Object.assign(Object.create(Object.defineProperty({}, 'inherited', trap('inherited'))), own);

const model: Readonly<Record<string, unknown>> = {
  app: bait({ name: 'comics', port: 8000, isNew: true, isOld: false, empty: '', nested: bait({ value: '$& "\\"' }) }),
  list: ['x', 'y', '%><% }'],
  none: [],
  rows: [bait({ id: 1, tags: ['p', '<%- q %>'] }), bait({ id: 2, tags: [] })],
  call: () => leak,
};
const keys = new Set(Object.keys(model));

const roots = [
  'app',
  'list',
  'none',
  'rows',
  'row',
  'x',
  'app.name',
  'app.port',
  'app.isNew',
  'app.isOld',
  'app.empty',
];
const deeper = ['app.nested.value', 'row.id', 'row.tags', 'x.y', 'app.nested', 'call', 'list.length', 'app.inherited'];
const hostilePaths = [
  ...['__leak', 'globalThis.__leak', 'process.env.LEAK', 'constructor.constructor', 'app.constructor.constructor'],
  ...['app.__proto__', 'app.name.length', 'toString', 'this', 'locals', 'include', 'escapeFn', 's0', 'print', 'eval'],
];
const path = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...roots) },
  { weight: 4, arbitrary: fc.constantFrom(...deeper) },
  { weight: 1, arbitrary: fc.constantFrom(...hostilePaths) },
);
const text = fc.oneof(
  fc.constantFrom(
    '\n',
    '\r\n',
    '  ',
    'a',
    '"',
    '\\',
    "'",
    '`',
    '${__leak}',
    '\u2028',
    '//',
    '/*',
    '<',
    '%',
    '>',
    '-%',
    '\n\n',
  ),
  fc.string({ maxLength: 5 }),
);
const hostileText = fc.constantFrom(
  ...['<%- __leak %>', '<%= __leak %>', '<% __leak -%>', '<%_ __leak _%>', '<%- `${__leak}` %>', '<%- app["name"] %>'],
  ...['<%%', '%%>', '-%>', '_%>', '%>', '<%', '<%- ', ' %>', '<% } -%>', '<% } else { -%>', '<% if (app) { -%>'],
  ...[
    '<%# */ __leak /* %>',
    '<%# extra: here -%>\n',
    '<%- app.name; __leak %>',
    '<%- \\u0061pp.name %>',
    '<%- app\n.name %>',
  ],
  ...["<% process.getBuiltinModule('fs') %>", '<%- (() => __leak)() %>', '<% for (const process of list) { -%>'],
);
const variable = fc.constantFrom('x', 'row', 'app', 'list', 'constructor', 'process', '__proto__', 'if', 's0', 'print');

const { template } = fc.letrec<{ template: string; piece: string }>((tie) => ({
  template: fc.array(tie('piece'), { maxLength: 6 }).map((pieces) => pieces.join('')),
  piece: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 4, arbitrary: text },
    { weight: 4, arbitrary: path.map((each) => `<%- ${each} %>`) },
    {
      weight: 2,
      arbitrary: fc.tuple(path, tie('template')).map(([each, body]) => `<% if (${each}) { -%>${body}<% } -%>`),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(path, tie('template'), tie('template'))
        .map(([each, yes, no]) => `<% if (${each}) { -%>${yes}<% } else { -%>${no}<% } -%>`),
    },
    {
      weight: 3,
      arbitrary: fc
        .tuple(variable, path, tie('template'))
        .map(([name, each, body]) => `<% for (const ${name} of ${each}) { -%>${body}<% } -%>`),
    },
    { weight: 1, arbitrary: hostileText },
  ),
}));

const look = '"[A-Za-z_]\\w*"(?:, "[A-Za-z_]\\w*")*';
const allowedOfEjs = new RegExp(
  `^(?:<%- print\\(s\\d+, ${look}\\) %>|<% if \\(test\\(s\\d+, ${look}\\)\\) \\{ -%>|<% for \\(const s\\d+ of each\\(s\\d+, ${look}\\)\\) \\{ -%>|<% \\} -%>|<% \\} else \\{ -%>|<%# extra: [a-z-]+ -%>)$`,
);

const rendered = (given: string) => {
  const { problems, source } = readTemplate(given, keys);
  assert.deepEqual(problems, [], given);
  return run(compile(source).run, model);
};

describe('a template that passes the reader', () => {
  before(() => {
    Object.defineProperty(globalThis, '__leak', trap('globalThis'));
    process.env.LEAK = leak;
  });
  after(() => {
    Reflect.deleteProperty(globalThis, '__leak');
    delete process.env.LEAK;
  });

  it('becomes its own text and values of the model, as another evaluator has them, and reaches nothing else', () => {
    const count = { passed: 0, refused: 0, whole: 0 };
    const check = (given: string): void => {
      const { problems, source } = readTemplate(given, keys);
      if (problems.length > 0) {
        count.refused += 1;
        return;
      }
      count.passed += 1;
      for (const tag of source.match(/<%[\s\S]*?%>/g) ?? []) assert.match(tag, allowedOfEjs);
      const { text, misses } = run(compile(source).run, model);
      const expected = reference(given, model);
      assert.deepEqual(touched, []);
      assert.equal(misses.length > 0, expected === absent, given);
      if (misses.length > 0) {
        assert.equal(text, '');
        return;
      }
      count.whole += 1;
      assert.equal(text, expected, given);
      assert.ok(!text.replaceAll('${__leak}', '').includes(leak));
    };
    fc.assert(fc.property(template, check), { numRuns: 5000, seed: 20_261_130 });
    assert.ok(count.passed > 1000 && count.refused > 1000 && count.whole > 500, JSON.stringify(count));
  }).timeout(300_000);

  it('the traps do work', () => {
    assert.equal(Reflect.get(globalThis, '__leak'), leak);
    assert.equal(Reflect.get(model.app as object, 'inherited'), leak);
    assert.deepEqual(touched.splice(0), ['globalThis', 'inherited']);
  });

  for (const [given, expected] of [
    ['', ''],
    ['no tag, $& and \\n\n', 'no tag, $& and \\n\n'],
    ['a <%- app.name %>\nb<%- app.empty %>c\n', 'a comics\nbc\n'],
    ['<% if (app.isNew) { -%>\nnew\n<% } else { -%>\nold\n<% } -%>\nend', 'new\nend'],
    ['  <% if (app.isOld) { -%>  \n  a\n  <% } -%>\n\nb', '  \nb'],
    ['<% for (const x of list) { -%>\r\n<%- x %>,\n<% } -%>\n', 'x,\ny,\n%><% },\n'],
    ['<% for (const app of rows) { -%><%- app.id %><% } -%><%- app.name %>', '12comics'],
    [
      '<% for (const row of rows) { -%>\n<%- row.id %>:<% for (const x of row.tags) { -%>[<%- x %>]<% } -%>\n\n<% } -%>\n',
      '1:[p][<%- q %>]\n2:\n',
    ],
  ] as const) {
    it(`${JSON.stringify(given)} is ${JSON.stringify(expected)}`, () => {
      assert.deepEqual(rendered(given), { text: expected, misses: [] });
      assert.equal(reference(given, model), expected);
    });
  }
  it('gives no text where the model has not all of it, and says all that it has not', () => {
    const { text, misses } = rendered(
      'a<%- app.nmae %><% if (app.isOdl) { -%><% } -%><%- app.name.length %><%- list %>',
    );
    assert.equal(text, '');
    assert.deepEqual(
      misses.map(({ what }) => what),
      ['app.nmae', 'app.isOdl', 'app.name.length'].map((path) => `the model has no ${path}`).concat('list is no text'),
    );
  });
  it('that would loop for ever is given up', () => {
    const depth = 20;
    const bomb = '<% for (const x of list) { -%>'.repeat(depth) + '<% } -%>'.repeat(depth);
    assert.throws(() => rendered(bomb), /it takes more than 100000 steps/);
  });
});

describe('compile', () => {
  it('knows no name but those of the look-ups, and includes nothing, even where the reader would fail', () => {
    const lookups = { s0: {}, print: () => '', test: () => true, each: () => [] };
    assert.throws(() => compile('<%- site %>').run(lookups), /site is not defined/);
    assert.throws(() => compile('<% x = 1 %>').run(lookups), /x is not defined/);
    assert.throws(() => compile("<%- include('/etc/hostname') %>").run(lookups), /a template includes nothing/);
    assert.throws(() => compile('<% with (s0) {} %>'), /[Ss]trict mode/);
  });
});
