// Goal: the manifests in deploy/ are accepted by a cluster, and belong to the programs that they start.
// Method: each document is checked against the schema that Kubernetes publishes (OpenAPI, as the package kubernetes-models
// carries it). The schema lets unknown fields pass, but the types made from it do not, so the compiler looks as well. What
// neither can know is checked by hand.
import { dirname } from 'node:path';

import { Job } from 'kubernetes-models/batch/v1';
import { StatefulSet } from 'kubernetes-models/apps/v1';
import { Service } from 'kubernetes-models/v1';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';

import { typeErrorsIn } from '../src/type-check.js';
import { filesIn, readText } from '../src/workspace.js';

const manifests = filesIn('deploy')
  .filter((file) => file.endsWith('.yaml'))
  .flatMap((file) =>
    parseAllDocuments(readText(`deploy/${file}`)).map((document) => {
      expect(document.errors, file).toEqual([]);
      const content: unknown = document.toJS();
      return { file, content };
    }),
  );

const models: Readonly<Record<string, new (content: never) => { validate(): void }>> = { Job, StatefulSet, Service };

describe('deploy/', () => {
  it('has a job of shares, and a set of nodes with a headless service', () => {
    expect(manifests.map(({ content }) => textAt(content, 'kind')).sort()).toEqual(['Job', 'Service', 'StatefulSet']);
  });

  it.each(manifests)('$file fits the published schema of Kubernetes', ({ content }) => {
    expect(() => validate(content)).not.toThrow();
  });

  it('has no field that Kubernetes does not know', () => {
    expect(fieldErrors(manifests.map(({ content }) => content))).toEqual([]);
  });

  it('would not pass with a misspelt field', () => {
    const job = structuredClone(manifests.find(({ content }) => textAt(content, 'kind') === 'Job')?.content);
    expect(fieldErrors([withValue(job, ['spec', 'completion'], 4)])[0]).toMatch(/completion"' does not exist/);
  });

  it('would not pass with a wrong type', () => {
    const job = structuredClone(manifests.find(({ content }) => textAt(content, 'kind') === 'Job')?.content);
    expect(() => validate(withValue(job, ['spec', 'completions'], 'four'))).toThrow();
  });

  it('takes an image that was loaded into the cluster: by default one without a tag is always pulled', () => {
    const podMakers = manifests.filter(({ content }) => at(content, 'spec', 'template') !== undefined);
    const containers = podMakers.map(({ content }) => at(content, 'spec', 'template', 'spec', 'containers', '0'));
    expect(containers.map((container) => at(container, 'imagePullPolicy'))).toEqual(['IfNotPresent', 'IfNotPresent']);
  });

  it('builds its image from the sources alone: what git ignores is not sent to the build', () => {
    const linesOf = (path: string): string[] => readText(path).split('\n').filter(Boolean);
    const ignored = linesOf('.gitignore').map((line) => `**/${line.replace(/\/$/, '')}`);
    expect(linesOf('.dockerignore').slice(1)).toEqual(['.git', ...ignored]);
  });

  it('tells the shares how many they are', () => {
    const job = manifests.find(({ content }) => textAt(content, 'kind') === 'Job')?.content;
    const container = at(job, 'spec', 'template', 'spec', 'containers', '0');
    expect(at(container, 'env')).toContainEqual({
      name: 'P2P_SIM_SHARDS',
      value: String(at(job, 'spec', 'completions')),
    });
    expect(at(job, 'spec', 'completionMode')).toBe('Indexed');
  });

  it('gives every node the first one’s name by the headless service', () => {
    const set = manifests.find(({ content }) => textAt(content, 'kind') === 'StatefulSet')?.content;
    const service = manifests.find(({ content }) => textAt(content, 'kind') === 'Service')?.content;
    expect(at(service, 'spec', 'clusterIP')).toBe('None');
    expect(at(set, 'spec', 'serviceName')).toBe(at(service, 'metadata', 'name'));
    expect(at(set, 'spec', 'template', 'metadata', 'labels')).toMatchObject({
      ...asObject(at(service, 'spec', 'selector')),
    });
    const bootstrap = `${String(at(set, 'metadata', 'name'))}-0.${String(at(service, 'metadata', 'name'))}:6881`;
    const container = at(set, 'spec', 'template', 'spec', 'containers', '0');
    expect(at(container, 'env')).toContainEqual({ name: 'BOOTSTRAP', value: bootstrap });
  });
});

function validate(content: unknown): void {
  const Model = models[textAt(content, 'kind')];
  if (Model === undefined) throw new Error(`no schema is known for ${textAt(content, 'kind')}`);
  // eslint-disable-next-line p2p/no-type-assertion -- the constructor takes its own shape; whether this is one is what validate() says
  new Model(content as never).validate();
}

function fieldErrors(contents: readonly unknown[]): string[] {
  const snippets = contents.map((content, index) => {
    const kind = textAt(content, 'kind');
    const text = `import type { I${kind} } from 'kubernetes-models/${textAt(content, 'apiVersion')}';
export const manifest: I${kind} = ${JSON.stringify(content)};`;
    return { name: `manifest-${index}.ts`, text };
  });
  return typeErrorsIn(snippets, dirname(import.meta.dirname));
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((found, key) => asObject(found)[key], value);
}

function textAt(value: unknown, key: string): string {
  return String(at(value, key));
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function withValue(value: unknown, [key = '', ...rest]: readonly string[], leaf: unknown): unknown {
  return { ...asObject(value), [key]: rest.length === 0 ? leaf : withValue(asObject(value)[key], rest, leaf) };
}
