/**
 * Our own rules. A rule of its own, unlike one more selector of `no-restricted-syntax`, can be switched off for one line
 * without switching off its neighbours.
 *
 * @type {import('eslint').ESLint.Plugin}
 */
export const plugin = {
  rules: {
    'no-type-assertion': {
      meta: { type: 'problem', schema: [], messages: { assertion: assertionMessage() } },
      create: (context) => ({
        'TSAsExpression:not([typeAnnotation.typeName.name="const"]), TSTypeAssertion'(/** @type {any} */ node) {
          context.report({ node, messageId: 'assertion' });
        },
      }),
    },
  },
};

function assertionMessage() {
  return (
    'A type assertion silences the compiler. Narrow with a check, or use `satisfies`; a brand’s mint or a parse ' +
    'boundary may say `// eslint-disable-next-line p2p/no-type-assertion -- <why this is true>`.'
  );
}
