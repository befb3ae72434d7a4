import tseslint from 'typescript-eslint';
import reactHooks from 'eslint-plugin-react-hooks';

// The folders that hold no clock, no chance, no environment and no output: those are passed in.
const pure = [
  'model',
  'cni',
  'normalise',
  'records',
  'tracking',
  'topology',
  'findings',
  'view',
  'explain',
  'capacity',
  'layout',
  'snapshot',
];

export default tseslint.config(
  { ignores: ['node_modules', '.next', 'out', 'next-env.d.ts', 'test-results', 'playwright-report'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['*.mjs', '*.js', '*.cjs'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      // Marked so that it stands out; it is for a provider on this machine alone.
      '@typescript-eslint/no-deprecated': [
        'error',
        { allow: [{ from: 'package', package: 'openid-client', name: 'allowInsecureRequests' }] },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // A record's type is an interface that extends what its declaration infers, so that errors name it.
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  { files: ['**/*.{js,cjs,mjs}'], ...tseslint.configs.disableTypeChecked },
  {
    files: ['components/**/*.tsx', 'pages/**/*.tsx', 'lib/client/**/*.{ts,tsx}'],
    ...reactHooks.configs.flat['recommended-latest'],
    rules: {
      ...reactHooks.configs.flat['recommended-latest'].rules,
      // Only says what the React Compiler, which is not used here, would skip.
      'react-hooks/incompatible-library': 'off',
    },
  },
  {
    files: pure.map((folder) => `lib/${folder}/**/*.ts`),
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'The clock is passed in.' },
        { object: 'Math', property: 'random', message: 'Chance is passed in.' },
        { object: 'process', property: 'env', message: 'The environment is read at the edge.' },
      ],
      'no-restricted-globals': [
        'error',
        { name: 'console', message: 'Pure code does not print.' },
        { name: 'process', message: 'Pure code knows no process.' },
      ],
    },
  },
  {
    files: ['**/*.{ts,tsx}'],
    rules: { 'max-lines': ['error', { max: 400, skipBlankLines: false, skipComments: false }] },
  },
  {
    files: ['**/*.{ts,tsx}'],
    rules: {
      'max-lines-per-function': ['error', { max: 100, skipBlankLines: false, skipComments: false, IIFEs: true }],
    },
  },
);
