import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { fetchPictures } from '../../src/models/fetch-pictures.ts'
import { allGood, inputOf } from './inputs.ts'
import { openaiRig } from './openai-rig.ts'

setDefaultTimeout(60_000)

const rig = openaiRig({ OPENAI_CHAT_MODEL: 'gpt-5-nano', OPENAI_VISION_MODEL: 'gpt-4o-mini' })
const picture = { bytes: Uint8Array.of(0xff, 0xd8, 0xff), type: 'image/jpeg' }

describe('a vision model of its own', () => {
  test('sees the pictures, and costs one call more at most', async () => {
    const inputs = Array.from({ length: 45 }, (_, i) => inputOf(`Title ${i}`, i % 3 ? { picture } : {}))
    const analyses = allGood(await rig.models.analyse(inputs))
    for (const [i, analysis] of analyses.entries()) {
      expect(analysis.analysis_model).toBe(i % 3 ? 'gpt-4o-mini' : 'gpt-5-nano')
      expect(analysis.visual_description !== null).toBe(i % 3 > 0)
      expect(analysis.topic_main).toBe(`title ${i}`)
    }
    expect(rig.simulator.calls.length).toBeLessThanOrEqual(Math.ceil(45 / 10) + 1)
    await rig.models.close()
    const models = await rig.sql`select model from model_usage order by model`
    expect(models.map(({ model }) => model)).toEqual(['gpt-4o-mini', 'gpt-5-nano'])
  })
})

describe('thumbnails', () => {
  const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2)
  const answers: Record<string, { status: number; bytes: Uint8Array }> = {
    png: { status: 200, bytes: PNG },
    webp: { status: 200, bytes: new TextEncoder().encode('RIFF\x10\x20\x30\x40WEBPVP8 ') },
    gif: { status: 200, bytes: new TextEncoder().encode('GIF89a...') },
    html: { status: 200, bytes: new TextEncoder().encode('<html><img></html>') },
    svg: { status: 200, bytes: new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg">') },
    empty: { status: 200, bytes: new Uint8Array() },
    missing: { status: 404, bytes: PNG },
    huge: { status: 200, bytes: Uint8Array.from({ length: 1_000_001 }, (_, i) => PNG[i] ?? 0) },
  }
  const fetcher = {
    bytes: async (url: string) => {
      const answer = answers[url]
      if (!answer) throw new Error('refused')
      return { ...answer, url, headers: new Headers() }
    },
  }

  test('are those that a model can read; whatever else comes is no picture, and no failure', async () => {
    const urls = ['png', null, 'webp', 'html', 'gif', 'svg', 'empty', 'missing', 'huge', 'refused']
    const pictures = await fetchPictures(fetcher, urls)
    expect(pictures.map(it => it?.type)).toEqual([
      'image/png',
      undefined,
      'image/webp',
      undefined,
      'image/gif',
      ...Array(5).fill(undefined),
    ])
  })
})
