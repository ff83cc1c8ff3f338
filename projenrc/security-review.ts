import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { generated, review, updated } from './review/page';

/** Writes what each role may do, and why, into the page for reviewers. */
const PAGE = join(__dirname, '..', 'docs', 'security-review.md');

const folder = mkdtempSync(join(tmpdir(), 'review-'));
try {
  writeFileSync(PAGE, updated(readFileSync(PAGE, 'utf8'), generated(review(() => mkdtempSync(join(folder, 'cdk.out-'))))));
} finally {
  rmSync(folder, { recursive: true });
}
