import { isIP } from 'net';
import { invalid } from './template';

/** The first blocks of a block, each with some bits for hosts: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html */
export function cidrBlocks(block: string, count: number, bits: number): string[] {
  const [address, prefix] = block.split('/');
  const width = isIP(address) === 6 ? 128 : 32;
  const size = 2n ** BigInt(bits || 0);
  const room = 2n ** BigInt(width - (Number(prefix) || 0));
  const isWhole = isIP(address) > 0 && prefix !== undefined && Number.isInteger(count) && count >= 1 && count <= 256 && bits >= 1;
  if (!isWhole || size * BigInt(count) > room) {
    throw invalid('Template error: Fn::Cidr takes a block, a count from 1 to 256 and a number of host bits, and the block must have room for all of them: '
      + `got ${block}, ${count} and ${bits}`);
  }
  const start = toNumber(address, width) / room * room;
  return Array.from({ length: count }, (_, index) => `${toAddress(start + size * BigInt(index), width)}/${width - bits}`);
}

function toNumber(address: string, width: number): bigint {
  if (width === 32) { return address.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n); }
  const [head, tail] = address.split('::').map((half) => half.split(':').filter((part) => part !== ''));
  const parts = tail === undefined ? head : [...head, ...Array(8 - head.length - tail.length).fill('0'), ...tail];
  return parts.reduce((sum, part) => sum * 65_536n + BigInt(`0x${part}`), 0n);
}

function toAddress(value: bigint, width: number): string {
  const [bits, radix] = width === 32 ? [8n, 10] : [16n, 16];
  const parts: string[] = [];
  for (let at = BigInt(width) - bits; at >= 0n; at -= bits) { parts.push((value / 2n ** at % 2n ** bits).toString(radix)); }
  return parts.join(width === 32 ? '.' : ':');
}
