/* Who may import whom: ARCHITECTURE.md, "The folders". Each row names what a folder may reach; all else is an error. */
const sourceParts = ['source', 'attempts', 'timers', 'watchdog', 'batcher', 'health', 'lags', 'observe', 'reason'].map(
  (name) => `server/sources/${name}.ts`,
);
const allowed = {
  model: [],
  cni: ['model'],
  normalise: ['model', 'cni'],
  records: ['model'],
  tracking: ['model', 'records'],
  topology: ['model', 'cni', 'records', 'tracking'],
  findings: ['model', 'cni', 'records', 'tracking', 'topology'],
  view: ['model', 'cni', 'records', 'topology'],
  explain: ['model', 'cni', 'records', 'view', 'topology'],
  capacity: ['model', 'topology', 'view'],
  layout: ['model', 'view'],
  snapshot: ['model', 'records', 'topology', 'normalise'],
  export: ['model', 'records', 'view', 'layout', 'snapshot', 'topology'],
  follow: ['model', 'records'],
  opened: ['model', 'records', 'findings', 'topology', 'snapshot', 'view', 'explain', 'export'],
  client: ['model', 'records', 'follow', 'explain', 'view', 'layout', 'snapshot', 'topology', 'opened'],
  'server/sources/kubernetes': ['model', 'normalise', ...sourceParts],
  'server/sources/ec2': ['model', 'normalise', ...sourceParts],
  'server/sources/aws-node': ['model', 'normalise', ...sourceParts],
  'server/sources/files': ['model', 'records', 'normalise', 'snapshot', 'server/sources/source.ts'],
  // What serves knows records alone; what collects tells it through `server/store/roles`.
  'server/store': ['model', 'records', 'snapshot'],
  'server/stream': ['model', 'records', 'snapshot', 'server/store'],
  // Who sees what is made of records, too; how it is asked is passed in.
  'server/rights': ['model', 'records', 'server/store', 'server/stream'],
  'server/upstream': ['model', 'records', 'follow', 'snapshot', 'server/store'],
  'server/thread': ['model', 'records', 'server/store'],
  'server/collect': ['model', 'records', 'topology', 'findings', 'server/store/clock.ts', 'server/store/roles.ts'],
  'server/log': ['model', 'records', 'server/store'],
  sim: ['model/ip.ts'],
};
const escape = (s) => s.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const rules = Object.entries(allowed).map(([folder, reach]) => ({
  name: `${folder}-reaches-only-its-own`,
  severity: 'error',
  comment: `lib/${folder} may import ${reach.length ? reach.join(', ') : 'no other folder'}.`,
  from: { path: `^lib/${escape(folder)}/`, pathNot: '\\.(test|bench)\\.tsx?$' },
  to: {
    path: '^(lib|app|components|e2e|bench)/',
    pathNot: [`^lib/${escape(folder)}/`, ...reach.map((r) => `^lib/${escape(r)}`)],
  },
}));

module.exports = {
  forbidden: [
    ...rules,
    {
      name: 'no-circles',
      severity: 'error',
      comment: 'Files that reach each other cannot be understood or tested one at a time.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'facts-through-a-reader',
      severity: 'error',
      comment: 'What is derived reads facts through a FactReader alone, which notes what was read.',
      from: { path: '^lib/topology/(?!facts/|engine\\.ts)', pathNot: '\\.test\\.ts$' },
      to: { path: '^lib/topology/facts/(store|reduce|table|pod-table|blocks)\\.ts$' },
    },
    {
      name: 'components-show',
      severity: 'error',
      comment: 'components show what lib computed.',
      from: { path: '^components/' },
      to: { path: '^(lib/(?!model|view|explain/catalogue|capacity|layout|export|client)|app/)' },
    },
    {
      name: 'app-wires',
      severity: 'error',
      comment: 'app is wiring only.',
      from: { path: '^app/', pathNot: '\\.test\\.ts$' },
      to: { path: '^lib/(?!client|model|view|server/runtime|server/stream|server/http|server/mcp)' },
    },
    {
      name: 'serving-without-collecting',
      severity: 'error',
      comment: 'What answers viewers knows records, and nothing of how they came to be.',
      from: { path: '^lib/server/(store|stream|http)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^lib/(normalise|tracking|topology|findings)/|^lib/server/(collect|sources)/' },
    },
    {
      name: 'runtime-without-client',
      severity: 'error',
      comment: 'The server knows no browser.',
      from: { path: '^lib/(server|cli)/' },
      to: { path: '^(lib/client|components|app)/' },
    },
    {
      name: 'react-only-in-hooks',
      severity: 'error',
      comment: 'React stays in components and client hooks.',
      from: { path: '^lib/', pathNot: '^lib/client/hooks' },
      to: { path: '^node_modules/react' },
    },
    {
      name: 'nobody-imports-the-sim-but-its-users',
      severity: 'error',
      from: { path: '^lib/', pathNot: '^lib/(sim|server/runtime|cli)|\\.test\\.ts$' },
      to: { path: '^lib/sim/' },
    },
    {
      name: 'production-without-tests',
      severity: 'error',
      comment: 'What runs in a cluster imports nothing that was written for tests.',
      from: { path: '^(lib|app|components)/', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^(deploy|e2e|bench)/' },
    },
    {
      name: 'suites-stand-alone',
      severity: 'error',
      comment:
        'A suite under e2e imports itself, e2e/testing and the files of e2e; the schema is read against the captures.',
      from: { path: '^e2e/([^/]+)/', pathNot: '^e2e/schema/' },
      to: { path: '^e2e/[^/]+/', pathNot: '^e2e/($1|testing|scenes)/' },
    },
    {
      name: 'truth-without-product',
      severity: 'error',
      comment: 'What is true of a simulated cluster must be able to disagree with the code that is tested by it.',
      from: { path: '^e2e/testing/sim/' },
      to: { path: '^(lib/(?!sim/|model/ip\\.ts$)|app/|components/)' },
    },
    {
      name: 'tests-without-benchmarks',
      severity: 'error',
      from: { path: '^(lib|app|components|e2e)/' },
      to: { path: '^bench/' },
    },
    {
      name: 'not-to-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '\\.css$|^sarif$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.next|node_modules)' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.css'],
    },
  },
};
