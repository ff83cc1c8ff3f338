import { readFileSync } from 'fs';
import { join } from 'path';
import { gunzipSync } from 'zlib';

/** What jsii tells other languages of the library. In the package it is compressed. */
export function jsiiAssembly(): any {
  return JSON.parse(gunzipSync(readFileSync(join(__dirname, '../../.jsii.gz'))).toString());
}
