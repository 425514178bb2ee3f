import * as v from 'valibot'
import { nameSchemas } from '../../ground/http/openapi/named-schemas.ts'
import { READ_AS } from '../../ground/http/schemas.ts'
import { WIDTHS, type Width } from './widths.ts'

const NAMES = WIDTHS.map(String) as `${Width}`[]

export const ThumbnailQuery = v.object({
  width: v.optional(
    v.pipe(
      v.picklist(NAMES, 'must be 160, 320 or 640'),
      v.metadata({ [READ_AS]: { type: 'integer', enum: WIDTHS, default: 320 } }),
      v.transform(width => Number(width) as Width),
    ),
    '320',
  ),
})

export const ThumbnailAnswer = v.pipe(v.string(), v.description('The bytes of a WebP file.'))

nameSchemas({ Thumbnail: ThumbnailAnswer })
