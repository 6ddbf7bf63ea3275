/**
 * How large a file and a function may grow. The remedy is never to shorten: find the second idea in it, and give that a
 * file or a function with a name that says more than its body.
 *
 * @type {import('eslint').Linter.Config[]}
 */
export const sizes = [
  {
    rules: {
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'max-params': ['error', { max: 4 }],
      'max-depth': ['error', { max: 3 }],
      // A flat switch over a union is one decision, however many members the union has.
      complexity: ['error', { max: 12, variant: 'modified' }],
    },
  },
  // A `describe` is a table of contents, not a function with one idea.
  { files: ['test/**', 'bench/**'], rules: { 'max-lines-per-function': 'off' } },
];
