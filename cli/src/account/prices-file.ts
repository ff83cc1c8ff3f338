import { readFileSync } from 'fs';
import { UsageError } from '../../../local-aws/arguments';
import { Prices, pricesFrom } from '../../../src/service/prices';

/**
 * The user's own prices of a Region.
 *
 * @throws UsageError with one sentence that names the file
 */
export function pricesIn(file: string, region: string): Prices {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--prices ${file} cannot be read: ${(error as NodeJS.ErrnoException).code}. It must have lines such as ml.c5.xlarge,0.204`);
  }
  try {
    return pricesFrom(text, region);
  } catch (error) {
    throw new UsageError(`--prices ${file}: ${(error as Error).message}`);
  }
}
