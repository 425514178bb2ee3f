import * as v from 'valibot'
import { nameSchemas } from '../../ground/http/openapi/named-schemas.ts'
import { atLeast, atMost, Id, StorableText } from '../../ground/http/schemas.ts'
import { ContentType, Settings } from '../content/schema.ts'
import { TagNames } from '../tags/names.ts'

/** In bytes: a text of 100,000 characters, each escaped in JSON, and the rest. */
export const LARGEST_WORK = 1_048_576

const LONGEST_TEXT = 100_000
const LONGEST_PROMPT = 10_000

const isHttp = (text: string) => /^https?:$/.test(URL.parse(text)?.protocol ?? '')
/** Where a file is that others may load: never a path of this server. */
const HttpUrl = v.pipe(
  StorableText,
  v.trim(),
  atMost(2_048),
  v.check(isHttp, 'must be an http or https address'),
)

const whole = (least: number, most: number) =>
  v.pipe(
    v.number(),
    v.integer('must be a whole number'),
    v.minValue(least, `must be at least ${least}`),
    v.maxValue(most, `must be at most ${most}`),
  )
const text = (most: number) => v.nullable(v.pipe(StorableText, v.trim(), atMost(most)))

const Quality = v.pipe(v.number(), v.minValue(0, 'must be at least 0'), v.maxValue(1, 'must be at most 1'))
const Data = v.object({ text: v.pipe(StorableText, atMost(LONGEST_TEXT)) })
const Title = v.pipe(StorableText, v.trim(), atLeast(1), atMost(500))

/** What may be left out of a work, and changed later. */
const particulars = {
  data: v.optional(Data),
  file_url: v.optional(v.nullable(HttpUrl)),
  thumbnail_url: v.optional(v.nullable(HttpUrl)),
  width: v.optional(v.nullable(whole(1, 1_000_000))),
  height: v.optional(v.nullable(whole(1, 1_000_000))),
  file_size: v.optional(v.nullable(whole(0, Number.MAX_SAFE_INTEGER))),
  mime_type: v.optional(
    v.nullable(
      v.pipe(
        v.string(),
        atMost(127),
        v.regex(/^[\w.+-]+\/[\w.+-]+$/, 'must be a media type such as image/png'),
      ),
    ),
  ),
  prompt: v.optional(text(LONGEST_PROMPT)),
  negative_prompt: v.optional(text(LONGEST_PROMPT)),
  generation_settings: v.optional(v.nullable(Settings)),
  content_category: v.optional(text(100)),
  character_id: v.optional(v.nullable(Id)),
  character_name: v.optional(text(200)),
  quality_score: v.optional(v.nullable(Quality)),
  is_approved: v.optional(v.boolean()),
  is_nsfw: v.optional(v.boolean()),
  is_public: v.optional(v.boolean()),
  tags: v.optional(TagNames),
}

export const WorkBody = v.object({
  title: Title,
  content_type: v.optional(ContentType, 'text'),
  ...particulars,
})
export type WorkBody = v.InferOutput<typeof WorkBody>

export const ContentEditBody = v.pipe(
  v.object({ title: v.optional(v.nullable(Title)), ...particulars }),
  v.check(body => Object.keys(body).length > 0, 'must name at least one field to change'),
)
export type ContentEditBody = v.InferOutput<typeof ContentEditBody>

export const QualityBody = v.object({ quality_score: v.nullable(Quality) })
export const RatingBody = v.object({
  rating: v.pipe(
    v.number(),
    v.minValue(1, 'must be at least 1'),
    v.maxValue(5, 'must be at most 5'),
    v.multipleOf(0.5, 'must be a whole or a half'),
  ),
})
export const TagsBody = v.object({ names: TagNames })
export const VisibilityBody = v.object({ is_public: v.boolean() })

nameSchemas({
  NewContent: WorkBody,
  ContentEdit: ContentEditBody,
  ContentQuality: QualityBody,
  ContentRating: RatingBody,
  ContentTags: TagsBody,
  ContentVisibility: VisibilityBody,
})
