import { describe, expect, test } from 'bun:test'
import { findMainText } from '../../../src/ingestion/platforms/web/find-main-text.ts'

const page = (body: string) =>
  `<html><head><title>T</title></head><body><article>${body}</article></body></html>`
const SENTENCE = 'Every spring the river rises by two metres, and the village moves its market uphill. '
const PARAGRAPHS = `<p>${SENTENCE.repeat(4)}</p>`.repeat(4)

describe('the main text', () => {
  test('says what stands in the page, entities, quotes and angle brackets as they are meant', () => {
    const text = findMainText(
      page(
        `${PARAGRAPHS}<p>Fish &amp; chips &amp;amp; &lt;b>no tag&lt;/b> a < b && "c" &copy; 2 &#62; 1 & so on, ${SENTENCE}</p>`,
      ),
    )
    expect(text).toContain('Fish & chips &amp; <b>no tag</b> a < b && "c" © 2 > 1 & so on')
  })

  test('has line breaks where the page has them, and no scripts, styles or comments', () => {
    const text = findMainText(
      page(`${PARAGRAPHS}<p>one<br>two</br>three<br/>four, ${SENTENCE}</p><!-- hidden --><script>if (a<b) hidden()</script>
        <style>.hidden{}</style><noscript>hidden</noscript><textarea><p>hidden</p></textarea><iframe><p>hidden</p></iframe>`),
    )
    expect(text).toMatch(/one\ntwo\n+three\n+four/)
    expect(text).not.toContain('hidden')
  })

  test('is found where elements are never closed', () => {
    expect(findMainText(page(`<p>${SENTENCE.repeat(3)}`.repeat(400)))?.match(/uphill/g)).toHaveLength(1200)
  })

  test.each([
    ['nested without end', '<div>'.repeat(100_000)],
    ['of forms in forms', '<form><p>'.repeat(100_000)],
    ['of more elements than an article has', '<p>x</p>'.repeat(60_000)],
  ])('of a page %s is none', (_, html) => {
    expect(findMainText(page(html))).toBeNull()
  })

  test('has nothing of what some parsers take for text and some for elements', () => {
    expect(findMainText(page(`${PARAGRAPHS}<xmp>${'<b>'.repeat(100_000)}</xmp>`))).not.toContain('<b>')
  })
})
