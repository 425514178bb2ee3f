// The names of schemas that recur in the API's description, of those rooms that do not name them themselves.
import { AuthAnswer, LoginBody, RegisterBody, UserAnswer } from '../../accounts/schema.ts'
import { SearchAnswer, SearchResult } from '../../intelligence/search/schema.ts'
import { ItemDetailAnswer, SimilarItem } from '../../intelligence/similar/schema.ts'
import { ContentAnswer, ContentDetailAnswer } from '../../library/contents/schema.ts'
import { GroupedAnswer, ListAnswer } from '../../library/items/lists/schema.ts'
import {
  BatchAnswer,
  BatchBody,
  EditBody,
  ItemAnswer,
  ItemDetail,
  SaveAnswer,
  SaveBody,
  SaveDetailAnswer,
  SavedAnswer,
} from '../../library/items/schema.ts'
import { nameSchemas } from './named-schemas.ts'

nameSchemas({
  User: UserAnswer,
  SignedIn: AuthAnswer,
  Registration: RegisterBody,
  Login: LoginBody,
  Content: ContentAnswer,
  ContentDetail: ContentDetailAnswer,
  Save: SaveAnswer,
  SaveDetail: SaveDetailAnswer,
  NewSave: SaveBody,
  SavedItem: SavedAnswer,
  SaveChange: EditBody,
  Item: ItemAnswer,
  ItemDetail,
  ItemWithNeighbours: ItemDetailAnswer,
  ItemPage: ListAnswer,
  GroupedItems: GroupedAnswer,
  Batch: BatchBody,
  BatchResults: BatchAnswer,
  SimilarItem,
  SearchResult,
  SearchResults: SearchAnswer,
})
