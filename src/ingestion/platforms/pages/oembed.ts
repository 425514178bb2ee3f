import * as v from 'valibot'

/** Characters. An answer has a title, a name, some addresses and a piece of HTML. */
const LONGEST = 200_000

const oembedSchema = v.pipe(
  v.string(),
  v.maxLength(LONGEST),
  v.parseJson(),
  v.object({
    title: v.string(),
    author_name: v.optional(v.string()),
    thumbnail_url: v.optional(v.string()),
  }),
)

export type Oembed = v.InferOutput<typeof oembedSchema>

/** An answer of an oEmbed endpoint (https://oembed.com); undefined when it is none, or longer than such answers are. */
export function readOembed(json: string): Oembed | undefined {
  const read = v.safeParse(oembedSchema, json, { abortPipeEarly: true })
  return read.success ? read.output : undefined
}
