import { describe, expect, test } from 'bun:test'
import { isPublicAddress } from '../../../src/ground/fetch/vetting/vet-address.ts'
import { NOT_PUBLIC, PUBLIC } from '../../support/private-addresses.ts'

describe('an address', () => {
  for (const address of NOT_PUBLIC) {
    test(`${address} is not public`, () => expect(isPublicAddress(address)).toBe(false))
  }
  for (const address of PUBLIC) {
    test(`${address} is public`, () => expect(isPublicAddress(address)).toBe(true))
  }
  for (const text of ['', 'localhost', '0x08080808', '8.8', '010.8.8.8', '8.8.8.8 ', '2606:4700::1111%lo']) {
    test(`"${text}" is no address that may be connected to`, () => expect(isPublicAddress(text)).toBe(false))
  }
})
