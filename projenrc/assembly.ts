import { readFileSync } from 'fs';
import { join } from 'path';
import { gunzipSync } from 'zlib';

/** What jsii tells other languages of the library. It is compressed, and `.jsii` only says so. */
export function jsiiAssembly(): any {
  return JSON.parse(gunzipSync(readFileSync(join(__dirname, '..', '.jsii.gz'))).toString());
}
