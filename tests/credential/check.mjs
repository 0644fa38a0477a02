// Verifies credentials with Digital Bazaar's implementation of W3C Verifiable Credentials 2.0 and
// eddsa-jcs-2022. Nothing is fetched: contexts come with the packages, keys are in their `did:key`.
//
// Each has to be accepted as it is, with every word of it defined, and refused with any one of its
// values altered, taken out, or added to.
//
//     node check.mjs CREDENTIAL…
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { contexts } from '@digitalbazaar/credentials-context';
import { DataIntegrityProof } from '@digitalbazaar/data-integrity';
import { createVerifyCryptosuite } from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import { verifyCredential } from '@digitalbazaar/vc';
import jsonld from 'jsonld';

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error('node check.mjs CREDENTIAL…');
  process.exit(2);
}

const DID = /^did:key:(z6Mk[1-9A-HJ-NP-Za-km-z]{44})(#\1)?$/;

// The controller of a key of its own, or that key (W3C, Controlled Identifiers 1.0).
function resolve(url) {
  const [, key, fragment] = DID.exec(url) ?? [];
  if (!key) return undefined;
  const controller = `did:key:${key}`;
  const id = `${controller}#${key}`;
  const method = { id, type: 'Multikey', controller, publicKeyMultibase: key };
  if (fragment) return { '@context': 'https://w3id.org/security/multikey/v1', ...method };
  return {
    '@context': 'https://www.w3.org/ns/did/v1', id: controller,
    verificationMethod: [method], assertionMethod: [id],
  };
}

async function documentLoader(url) {
  const document = contexts.get(url) ?? resolve(url);
  if (!document) throw new Error(`${url} is not here, and nothing is fetched`);
  return { contextUrl: null, documentUrl: url, document: structuredClone(document) };
}

const clock = '2026-12-31T00:00:00Z';

async function accepted(credential) {
  const suite = new DataIntegrityProof({ cryptosuite: createVerifyCryptosuite() });
  try {
    const { verified, error } = await verifyCredential({
      credential: structuredClone(credential), suite, documentLoader, now: new Date(clock),
    });
    return { verified, error };
  } catch (error) {
    return { verified: false, error };
  }
}

// The same with one thing in it altered, once for each thing.
function* altered(value, path = []) {
  if (Array.isArray(value) || (value && typeof value === 'object')) {
    for (const key of Object.keys(value)) {
      for (const [where, part] of altered(value[key], [...path, key])) {
        const whole = structuredClone(value);
        if (part === undefined) {
          if (Array.isArray(whole)) whole.splice(Number(key), 1);
          else delete whole[key];
        } else whole[key] = part;
        yield [where, whole];
      }
    }
    if (!Array.isArray(value)) yield [`${path.join('.')} + name`, { ...value, name: 'x' }];
  } else if (typeof value === 'number') {
    yield [path.join('.'), value + 1];
    yield [path.join('.'), String(value)];
  } else if (typeof value === 'string') {
    const last = value.at(-1);
    yield [path.join('.'), value.slice(0, -1) + (last === '2' ? '3' : '2')];
    // In front: their base58 takes white space at the end of a signature for nothing.
    yield [path.join('.'), ` ${value}`];
  }
  if (path.length > 0) yield [`${path.join('.')} - all`, undefined];
}

const faults = [];
let refused = 0;
for (const file of files) {
  const name = basename(file);
  const credential = JSON.parse(await readFile(file, 'utf8'));
  const { verified, error } = await accepted(credential);
  if (!verified) {
    faults.push(`${name} is refused: ${error?.errors?.[0] ?? error}`);
    continue;
  }
  try {
    // Fails on any word that no context defines.
    const quads = await jsonld.toRDF(credential, { documentLoader, safe: true });
    if (quads.length < 20) faults.push(`${name} says only ${quads.length} things`);
  } catch (undefinedWord) {
    faults.push(`${name} has words that are not defined: ${JSON.stringify(undefinedWord.details)}`);
  }
  for (const [where, other] of altered(credential)) {
    if ((await accepted(other)).verified) faults.push(`${name} is accepted with ${where} altered`);
    else refused += 1;
  }
}
for (const fault of faults) console.error(fault);
console.log(`${files.length} credentials, ${refused} altered ones refused`);
process.exit(faults.length === 0 && refused > 100 ? 0 : 1);
