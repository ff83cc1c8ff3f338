import { join } from 'path';
import { build, Metafile } from 'esbuild';

const PAGE = join(__dirname, '..', 'cli', 'src', 'report', 'page', 'main.ts');

/** Builds the script of the report's page, with the plots' library in it: the command's package has it beside the command, and tests build it as they need it. */
export async function buildReportPage(outfile: string): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: [PAGE],
    outfile,
    absWorkingDir: join(__dirname, '..'),
    bundle: true,
    platform: 'browser',
    format: 'iife',
    // Browsers of 2022: ResizeObserver, Object.hasOwn, :focus-visible.
    target: ['chrome100', 'firefox100', 'safari15.4'],
    charset: 'utf8',
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  });
  return metafile;
}
