// Titles as people save them: cooking, travel and things that do not work, six each; and the words in them that name nothing:
// words of grammar, the verbs of instructions, and praise.

export interface Titles {
  cooking: string[]
  travel: string[]
  trouble: string[]
  /** In lower case, with a space between. */
  namesNothing: string
}

export const TITLES: Readonly<Record<string, Titles>> = {
  it: {
    cooking: [
      'Come fare il pane in casa con il lievito madre',
      'Come fare la pizza napoletana che non si sgonfia',
      'Come cucinare il risotto alla milanese',
      'Come preparare gli gnocchi che non si sfaldano',
      'Come fare le lasagne della nonna',
      'Come preparare il tiramisù che tutti amano',
    ],
    travel: [
      'Cosa vedere a Roma che non conosci',
      'Cosa fare a Venezia in due giorni',
      'Cosa vedere in Sicilia quando piove',
      'Dove dormire a Firenze quando non hai prenotato',
      'Cosa fare in Puglia con i bambini',
      'Dove andare in montagna quando fa caldo',
    ],
    trouble: [
      'Perché il telefono si scarica',
      'Perché il computer non si accende più',
      'Perché il router non prende la linea',
      'Perché la stampante non stampa più',
      'Perché il portatile si blocca quando non serve',
      'Perché non funziona più il wifi',
    ],
    namesNothing: `a alla amano andare che come con conosci cosa cucinare della dormire dove due fa fare funziona gli hai i il
      in la le non perché più prende preparare quando serve si tutti vedere giorni piove accende`,
  },
  nl: {
    cooking: [
      'Hoe maak je zelf brood zonder kneden',
      'Hoe maak je een appeltaart die niet instort',
      'Hoe bak je pannenkoeken die niet plakken',
      'Zo maak je de lekkerste erwtensoep van oma',
      'Hoe kook je rijst zonder dat het aanbrandt',
      'Zo bak je een luchtige cake in een uur',
    ],
    travel: [
      'Wat te doen in Amsterdam als het regent',
      'Wat te doen in Utrecht met kinderen',
      'Wat te zien in Gent in twee dagen',
      'Waar te slapen op Texel als je niet geboekt hebt',
      'Wat te doen in Maastricht zonder geld',
      'Wat te zien in Rotterdam wat je nog niet kent',
    ],
    trouble: [
      'Waarom je telefoon niet meer oplaadt',
      'Waarom je computer niet meer opstart',
      'Waarom je printer niet meer print',
      'Waarom je wifi het niet doet',
      'Waarom je laptop zo warm wordt',
      'Waarom je router geen verbinding maakt',
    ],
    namesNothing: `als bak dat de die doen doet een geen hebt het hoe in je kook lekkerste maak maakt meer met niet nog op te
      twee van waar waarom wat wordt zelf zien zo zonder slapen kent uur dagen`,
  },
  pt: {
    cooking: [
      'Como fazer pão caseiro sem sovar',
      'Como fazer bolo de cenoura que não murcha',
      'Como fazer feijoada para a família toda',
      'Como preparar arroz soltinho que não gruda',
      'Como fazer brigadeiro em cinco minutos',
      'Como fazer pudim que todo mundo ama',
    ],
    travel: [
      'O que fazer em Lisboa quando chove',
      'O que fazer no Porto em dois dias',
      'O que ver em Salvador que você não conhece',
      'Onde ficar no Rio de Janeiro sem gastar muito',
      'O que fazer em Gramado com as crianças',
      'O que fazer em Florianópolis no inverno',
    ],
    trouble: [
      'Por que o celular não carrega mais',
      'Por que o computador não liga mais',
      'Por que a impressora não imprime',
      'Por que o wifi não funciona em casa',
      'Por que o notebook esquenta tanto',
      'Por que a televisão não tem sinal',
    ],
    namesNothing: `a ama as carrega chove cinco com como conhece de dias dois e em fazer ficar funciona gastar mais muito não no o
      onde para por preparar quando que sem tanto tem toda todo você ver minutos liga`,
  },
  es: {
    cooking: [
      'Cómo hacer pan casero sin amasar',
      'Cómo hacer tortilla de patatas que no se rompa',
      'Cómo preparar paella valenciana para seis',
      'Cómo hacer croquetas de jamón como las de mi abuela',
      'Cómo cocinar lentejas en una hora',
      'Cómo hacer churros que queden crujientes',
    ],
    travel: [
      'Qué ver en Sevilla en dos días',
      'Qué hacer en Granada cuando llueve',
      'Qué ver en Barcelona que no conoces',
      'Dónde dormir en Madrid sin gastar mucho',
      'Qué hacer en Valencia con niños',
      'Qué ver en Bilbao este fin de semana',
    ],
    trouble: [
      'Por qué mi móvil no carga',
      'Por qué el ordenador no enciende',
      'Por qué la impresora no imprime',
      'Por qué no funciona el wifi de mi casa',
      'Por qué el portátil se calienta tanto',
      'Por qué la tele no tiene señal',
    ],
    namesNothing: `carga cocinar como con conoces cuando cómo de dos dormir dónde días el en este fin funciona gastar hacer la las
      llueve mi mucho no para por preparar que qué se sin tanto tiene una ver hora semana`,
  },
  fr: {
    cooking: [
      'Comment faire du pain maison sans machine',
      'Comment faire une quiche lorraine qui ne coule pas',
      'Comment préparer un bœuf bourguignon comme au restaurant',
      'Comment réussir la ratatouille à tous les coups',
      'Comment faire des crêpes sans grumeaux',
      "Comment cuire l'œuf mollet qu'on aime tant",
    ],
    travel: [
      'Que faire à Lyon quand il pleut',
      'Que voir à Marseille en deux jours',
      'Que faire à Bordeaux avec des enfants',
      'Où dormir à Nice sans se ruiner',
      "Que voir à Lille qu'on ne connaît pas",
      'Que faire à Nantes cet hiver',
    ],
    trouble: [
      'Pourquoi mon téléphone ne charge plus',
      "Pourquoi l'ordinateur ne s'allume plus",
      "Pourquoi l'imprimante n'imprime pas",
      'Pourquoi le wifi ne marche pas chez moi',
      'Pourquoi mon portable chauffe autant',
      "Pourquoi la télé n'a plus de signal",
    ],
    namesNothing: `a aime au autant avec cet chez comme comment connaît cuire de des deux dormir du en faire il jours la le les
      marche moi mon n ne on où pas plus pourquoi préparer qu quand que qui réussir s sans se tant tous un une voir à
      pleut charge`,
  },
  de: {
    cooking: [
      'Wie man Brot ohne Hefe selber backt',
      'So gelingt der Apfelkuchen wie bei Oma',
      'Wie man Spätzle ohne Presse macht',
      'So kocht man Linsensuppe, die allen schmeckt',
      'Wie man einen Braten nicht austrocknen lässt',
      'So macht man Kartoffelsalat ohne Mayonnaise',
    ],
    travel: [
      'Was man in Hamburg sehen muss',
      'Was man in München machen kann, wenn es regnet',
      'Was man in Köln an zwei Tagen sehen sollte',
      'Wo man in Berlin günstig schlafen kann',
      'Was man in Dresden mit Kindern machen kann',
      'Was man in Leipzig noch nicht kennt',
    ],
    trouble: [
      'Warum das Handy nicht mehr lädt',
      'Warum der Rechner nicht mehr startet',
      'Warum der Drucker nicht druckt',
      'Warum das WLAN zu Hause nicht geht',
      'Warum der Laptop so heiß wird',
      'Warum der Fernseher kein Signal hat',
    ],
    namesNothing: `allen an backt bei das der die einen es geht gelingt hat in kann kein kennt kocht lässt machen macht man mehr
      mit muss nicht noch ohne schlafen schmeckt sehen selber so sollte warum was wenn wie wird wo zu zwei tagen günstig
      startet`,
  },
  ru: {
    cooking: [
      'Как приготовить борщ, чтобы он был красным',
      'Как испечь хлеб без дрожжей в духовке',
      'Как сварить рассыпчатый рис, который не слипается',
      'Как приготовить пельмени своими руками',
      'Как испечь блины, чтобы не прилипали',
      'Как приготовить сырники, которые не разваливаются',
    ],
    travel: [
      'Что посмотреть в Казани за два дня',
      'Куда сходить в Москве, если идёт дождь',
      'Что посмотреть в Сочи с детьми',
      'Где остановиться в Калининграде и не переплатить',
      'Что посмотреть в Самаре, чего вы не видели',
      'Куда поехать из Петербурга на выходные',
    ],
    trouble: [
      'Почему телефон не заряжается',
      'Почему компьютер не включается',
      'Почему принтер не печатает',
      'Почему не работает интернет дома',
      'Почему ноутбук так греется',
      'Почему телевизор не видит сигнал',
    ],
    namesNothing: `без был в видели видит вы где дня за и из идёт если испечь как который которые куда на не он остановиться
      поехать посмотреть почему приготовить работает сварить своими сходить так чего что чтобы с два`,
  },
  tr: {
    cooking: [
      'Evde ekmek nasıl yapılır',
      'Tam kıvamında mercimek çorbası nasıl yapılır',
      'Dağılmayan köfte nasıl yapılır',
      'Annemin yaprak sarması nasıl yapılır',
      'Yumuşak poğaça nasıl yapılır',
      'Çıtır çıtır börek nasıl yapılır',
    ],
    travel: [
      "İzmir'de gezilecek yerler ve ne yapılır",
      "Kapadokya'da iki günde ne yapılır",
      "Bursa'da yağmur yağarken ne yapılır",
      "Antalya'da çocuklarla nereye gidilir",
      "Trabzon'da mutlaka gezilecek yerler",
      "Mardin'de gezilecek yerler ve nerede kalınır",
    ],
    trouble: [
      'Telefon neden şarj olmuyor',
      'Bilgisayar neden açılmıyor',
      'Yazıcı neden yazmıyor',
      'Evdeki internet neden çalışmıyor',
      'Laptop neden bu kadar ısınıyor',
      'Televizyon neden sinyal almıyor',
    ],
    namesNothing: `açılmıyor almıyor bu gezilecek gidilir için iki kadar kalınır nasıl ne neden nerede nereye olmuyor tam ve yapılır
      çalışmıyor mutlaka günde de da`,
  },
  ar: {
    cooking: [
      'كيف تصنع الخبز في البيت بدون فرن',
      'طريقة عمل الكبسة مثل المطاعم',
      'كيف تحضر المنسف الأردني في ساعة',
      'طريقة عمل الكنافة النابلسية في البيت',
      'كيف تطبخ الملوخية على أصولها',
      'طريقة عمل الفلافل التي لا تتفتت',
    ],
    travel: [
      'ماذا تفعل في القاهرة في يومين',
      'أين تذهب في دبي مع الأطفال',
      'ماذا تفعل في بيروت عندما تمطر',
      'أين تنام في مراكش من دون أن تدفع كثيرا',
      'ماذا تفعل في عمان التي لا تعرفها',
      'ماذا ترى في تونس هذا الصيف',
    ],
    trouble: [
      'لماذا لا يشحن الهاتف',
      'لماذا لا يعمل الحاسوب',
      'لماذا لا تطبع الطابعة',
      'لماذا لا يعمل الإنترنت في البيت',
      'لماذا يسخن اللابتوب كثيرا',
      'لماذا لا يعمل التلفاز بعد الآن',
    ],
    namesNothing:
      'في كيف طريقة عمل ماذا تفعل أين لماذا لا يعمل على من أن مع التي هذا بدون دون مثل بعد كثيرا عندما الآن ساعة',
  },
  hi: {
    cooking: [
      'घर पर रोटी कैसे बनाएं',
      'बिना ओवन के केक कैसे बनाएं',
      'ढाबे जैसी दाल मखनी कैसे बनाएं',
      'दस मिनट में पोहा कैसे बनाएं',
      'हलवाई जैसे गुलाब जामुन कैसे बनाएं',
      'मां के हाथ की खीर कैसे बनाएं',
    ],
    travel: [
      'जयपुर में क्या देखें दो दिन में',
      'दिल्ली में बारिश में क्या करें',
      'गोवा में बच्चों के साथ क्या करें',
      'वाराणसी में कहां ठहरें',
      'उदयपुर में क्या देखें जो सबसे अच्छा है',
      'शिमला में सर्दी में क्या करें',
    ],
    trouble: [
      'फोन चार्ज क्यों नहीं हो रहा है',
      'कंप्यूटर चालू क्यों नहीं हो रहा है',
      'प्रिंटर काम क्यों नहीं कर रहा है',
      'घर का वाईफाई क्यों नहीं चल रहा है',
      'लैपटॉप इतना गर्म क्यों हो रहा है',
      'टीवी में सिग्नल क्यों नहीं आ रहा है',
    ],
    namesNothing: `अच्छा आ इतना कर करें कहां का की के कैसे क्या क्यों चल जैसी जैसे जो दो देखें नहीं पर बनाएं बिना में रहा सबसे साथ है
      हो काम मिनट दिन`,
  },
  ko: {
    cooking: [
      '집에서 식빵 만드는 법',
      '김치찌개를 맛있게 끓이는 방법',
      '떡볶이 만드는 법 아주 간단하게',
      '엄마의 된장찌개 만드는 방법',
      '오븐 없이 쿠키 만들기',
      '십 분 만에 계란찜 만드는 법',
    ],
    travel: [
      '부산에서 꼭 가봐야 할 곳',
      '제주도에서 비 올 때 뭐 할까',
      '경주에서 이틀 동안 뭐 할까',
      '전주에서 꼭 먹어야 하는 것',
      '아이와 함께 강릉에서 뭐 할까',
      '속초에서 어디에 묵을까',
    ],
    trouble: [
      '왜 휴대폰이 충전되지 않을까',
      '왜 컴퓨터가 켜지지 않을까',
      '왜 프린터가 인쇄되지 않을까',
      '왜 집 와이파이가 안 될까',
      '왜 노트북이 이렇게 뜨거울까',
      '왜 텔레비전이 안 나올까',
    ],
    namesNothing: `왜 않을까 안 될까 뭐 할까 할 때 꼭 법 방법 만드는 만들기 없이 것 하는 곳 어디에 함께 동안 아주 맛있게 만에 이렇게 되지
      집에서 간단하게`,
  },
  zh: {
    cooking: [
      '如何在家做面包',
      '怎么做红烧肉才不腻',
      '麻婆豆腐的家常做法',
      '没有烤箱怎么做蛋糕',
      '妈妈教你怎么包饺子',
      '十分钟怎么做蛋炒饭',
    ],
    travel: [
      '北京有什么好玩的地方',
      '成都三天怎么玩',
      '下雨天在上海可以做什么',
      '带孩子去杭州可以玩什么',
      '西安有什么你不知道的地方',
      '去云南旅游住在哪里',
    ],
    trouble: [
      '手机为什么充不上电',
      '电脑为什么打不开',
      '打印机为什么不能打印',
      '家里的无线网为什么用不了',
      '笔记本为什么这么热',
      '电视为什么没有信号',
    ],
    namesNothing: `的 如何 在家 做 怎么 怎么做 为什么 什么 没有 教你 可以 有 去 玩 在 哪里 你 不 不能 这么 才 不上 不了 做法 好玩 地方 知道
      分钟 好 三天 用`,
  },
  ja: {
    cooking: [
      '美味しいパンの作り方',
      'ふわふわのオムレツを作る方法',
      'おばあちゃんの味噌汁の作り方',
      '失敗しない唐揚げの作り方',
      '簡単にできるカレーの作り方',
      'オーブンなしでケーキを作る方法',
    ],
    travel: [
      '京都で雨の日にできること',
      '大阪で絶対に行くべき場所',
      '沖縄で子供と何をするか',
      '北海道で泊まるならどこがいいか',
      '奈良で二日間にできること',
      '東京でまだ知らない場所',
    ],
    trouble: [
      'なぜスマホの充電ができないのか',
      'なぜパソコンの電源が入らないのか',
      'なぜプリンターが印刷しないのか',
      'なぜ家の無線が繋がらないのか',
      'なぜノートパソコンが熱くなるのか',
      'なぜテレビが映らないのか',
    ],
    namesNothing: `の を が に で と は か なぜ 何 する しない できる こと 作り 作り方 作る 方 方法 ない ならどこ いい まだ 絶対 べき どこ でき
      簡単 美味しい 日 場所`,
  },
}

/** Titles about one subject, by the label that they should have. */
export const SUBJECTS: Readonly<Record<string, Record<string, string[]>>> = {
  it: {
    'Pizza napoletana': [
      'La pizza napoletana fatta in casa',
      'Come fare la pizza napoletana',
      'Perché la pizza napoletana non si sgonfia',
      'Pizza napoletana: tutti i segreti',
    ],
    Mare: [
      'Il mare della Sardegna visto dal drone',
      'Dove andare al mare con i bambini',
      'Cosa portare al mare',
      'Un giorno al mare in Puglia',
    ],
    Uva: [
      "L'uva e il vino del Piemonte",
      "Perché l'uva fa bene",
      "Come conservare l'uva",
      "Dall'uva al mosto",
    ],
  },
  es: {
    'Pan casero': [
      'Pan casero sin amasar',
      'Cómo hacer pan casero',
      'El mejor pan casero de mi abuela',
      'Pan casero: cómo hacerlo',
    ],
    Barcelona: [
      'Qué ver en Barcelona en dos días',
      'Dónde comer en Barcelona',
      'Un fin de semana en Barcelona',
      'Barcelona con niños',
    ],
  },
  fr: {
    'Tarte aux pommes': [
      'La tarte aux pommes de ma grand-mère',
      'Comment faire une tarte aux pommes',
      'Tarte aux pommes sans beurre',
      'Ma tarte aux pommes',
    ],
    Ordinateur: [
      "Pourquoi l'ordinateur ne démarre pas",
      "L'ordinateur portable chauffe",
      'Comment nettoyer son ordinateur',
      'Quel ordinateur choisir',
    ],
    Bretagne: [
      'La Bretagne à vélo',
      'Que voir en Bretagne',
      'Où dormir en Bretagne',
      'La Bretagne sous la pluie',
    ],
  },
  de: {
    Kartoffelsalat: [
      'Kartoffelsalat wie bei Oma',
      'So macht man Kartoffelsalat',
      'Der beste Kartoffelsalat ohne Mayonnaise',
      'Warum Kartoffelsalat am zweiten Tag besser ist',
    ],
    Berlin: [
      'Berlin mit Kindern',
      'Was man in Berlin sehen muss',
      'Wo man in Berlin isst',
      'Ein Tag in Berlin',
    ],
  },
  nl: {
    Appeltaart: [
      'Appeltaart van oma',
      'Hoe maak je een appeltaart',
      'De lekkerste appeltaart zonder suiker',
      'Waarom je appeltaart instort',
    ],
    Maastricht: [
      'Fietsen langs de Maas',
      'Wat te doen in Maastricht',
      'Maastricht met kinderen',
      'Een dag in Maastricht',
      'Waar te eten in Maastricht',
    ],
  },
  pt: {
    'Bolo de cenoura': [
      'Bolo de cenoura da vovó',
      'Como fazer bolo de cenoura',
      'O melhor bolo de cenoura',
      'Bolo de cenoura sem farinha',
    ],
    Lisboa: ['Lisboa em dois dias', 'O que fazer em Lisboa', 'Onde comer em Lisboa', 'Lisboa com crianças'],
  },
  ru: {
    Борщ: ['Как приготовить борщ', 'Украинский борщ', 'Борщ за час', 'Почему борщ красный'],
    Казань: ['Что посмотреть в Казани', 'Казань за два дня', 'Где поесть в Казани', 'Казань с детьми'],
  },
  tr: {
    'Mercimek çorbası': [
      'Mercimek çorbası nasıl yapılır',
      'Lokanta usulü mercimek çorbası',
      'Mercimek çorbası tarifi',
      'Evde mercimek çorbası',
    ],
    İstanbul: [
      "İstanbul'da gezilecek yerler",
      'İstanbul gezisi',
      'Neden İstanbul bu kadar kalabalık',
      'İSTANBUL GECELERİ',
    ],
  },
  ar: {
    الكنافة: ['الكنافة النابلسية في البيت', 'طريقة عمل الكنافة', 'كيف تصنع الكنافة', 'الكنافة بدون فرن'],
    القاهرة: ['ماذا تفعل في القاهرة', 'القاهرة في يومين', 'أين تأكل في القاهرة', 'شوارع القاهرة'],
  },
  hi: {
    'दाल मखनी': ['दाल मखनी कैसे बनाएं', 'ढाबे जैसी दाल मखनी', 'दाल मखनी रेसिपी', 'घर पर दाल मखनी'],
    जयपुर: ['जयपुर में क्या देखें', 'जयपुर की हवेली', 'जयपुर में कहां ठहरें', 'जयपुर का खाना'],
  },
  ko: {
    김치찌개: ['김치찌개 만드는 법', '김치찌개를 맛있게 끓이는 방법', '엄마의 김치찌개', '돼지고기 김치찌개'],
    부산: ['부산에서 꼭 가봐야 할 곳', '부산 여행', '부산의 바다', '부산에 가면 뭐 먹을까'],
  },
  zh: {
    红烧肉: ['红烧肉的家常做法', '怎么做红烧肉', '红烧肉为什么不腻', '上海红烧肉'],
    北京: ['北京旅游必去的景点', '北京有什么好玩的', '去北京旅游', '北京三天旅游'],
  },
  ja: {
    味噌ラーメン: [
      '味噌ラーメンの作り方',
      '札幌の味噌ラーメン',
      '美味しい味噌ラーメンを作る方法',
      '味噌ラーメンのレシピ',
    ],
    京都: ['京都でできること', '京都の寺', '京都に行くべき理由', '雨の京都'],
  },
  th: {
    ผัดไทย: ['วิธีทำผัดไทย', 'ผัดไทยกุ้งสด', 'ผัดไทยสูตรโบราณ', 'ทำไมผัดไทยถึงอร่อย'],
  },
  el: {
    Μουσακάς: [
      'Πώς να φτιάξετε μουσακά',
      'Ο μουσακάς της γιαγιάς',
      'Μουσακάς χωρίς κρέας',
      'Γιατί ο μουσακάς διαλύεται',
    ],
  },
  pl: {
    'Pierogi ruskie': [
      'Jak zrobić pierogi ruskie',
      'Pierogi ruskie babci',
      'Pierogi ruskie bez jajek',
      'Dlaczego pierogi ruskie się rozklejają',
    ],
  },
  sv: {
    Kanelbullar: [
      'Hur man bakar kanelbullar',
      'Mormors kanelbullar',
      'Kanelbullar utan jäst',
      'Varför kanelbullar blir torra',
    ],
  },
  vi: {
    'Bánh mì': [
      'Cách làm bánh mì tại nhà',
      'Bánh mì Sài Gòn',
      'Tại sao bánh mì không nở',
      'Bánh mì thịt nướng',
    ],
  },
  id: {
    'Nasi goreng': [
      'Cara membuat nasi goreng',
      'Nasi goreng kampung',
      'Nasi goreng tanpa minyak',
      'Kenapa nasi goreng lengket',
    ],
  },
}
