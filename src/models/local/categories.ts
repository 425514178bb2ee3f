// What the local analyser knows of the world: each subcategory with a few short texts such as a title, tags or a
// caption of that kind would have. Nearness to these texts decides category and subcategories; change the
// words here, then run `bench/categories.ts` to see what it did.
import type { Category } from '../../vocabulary.ts'

export interface Subcategory {
  category: Category
  /** Shown to people as it stands. */
  label: string
  /** Written examples, each short: the model compares sentences, not lists of a hundred words. */
  examples: string[]
}

const of = (category: Category, subcategories: Record<string, string[]>): Subcategory[] =>
  Object.entries(subcategories).map(([label, examples]) => ({ category, label, examples }))

export const SUBCATEGORIES: Subcategory[] = [
  ...of('Travel', {
    'City Guides': [
      'travel guide to the city, best places to visit',
      'things to do in Paris, London and Tokyo',
    ],
    Beaches: ['tropical island holiday, beach resort, ocean', 'best beaches for a summer vacation'],
    Hotels: ['hotel and resort room tour, luxury stay', 'Airbnb cabin, treehouse and villa getaway'],
    Itineraries: ['three day itinerary for our trip', 'travel vlog, exploring a new country'],
    'Road Trips': ['road trip across the country, van life', 'scenic drive and campsites on the way'],
    Nature: ['hiking in the mountains, national park, waterfall', 'camping and trekking in the wilderness'],
    'Budget Travel': [
      'backpacking on a budget, cheap flights, hostels',
      'travel tips, packing, passport, airport',
    ],
    Flights: ['first class flight and airline cabin review', 'airport lounge and long haul flight'],
  }),
  ...of('Food & Drink', {
    Recipes: ['easy recipe, how to cook dinner at home', 'ingredients, bake, stir, simmer, homemade sauce'],
    Baking: ['baking a chocolate cake, cookies and cupcakes', 'how to bake bread, pastry and frosting'],
    Cafes: ['cozy cafe with great coffee and brunch', 'latte, espresso, barista, coffee shop'],
    Restaurants: ['best restaurants to eat at, fine dining', 'restaurant review, chef, tasting menu'],
    'Street Food': ['street food tour, noodles, dumplings, spicy', 'eating local food at the night market'],
    'Taste Tests': [
      'trying weird snacks, taste test, eating challenge',
      'cheap burger versus expensive burger, pizza',
    ],
    Drinks: ['cocktail recipe, wine, beer and smoothie', 'bartender mixes drinks at the bar'],
    'Vegan Food': ['vegan and vegetarian meals', 'plant based healthy meal prep'],
    Desserts: ['ice cream, candy and dessert', 'chocolate sweets and donuts'],
  }),
  ...of('Learning', {
    Science: [
      'science explained, physics, chemistry and biology',
      'why does this happen? scientific experiment',
    ],
    Earth: ['how volcanoes, oceans and the climate work', 'geography of the earth explained'],
    'Music Lessons': ['guitar lesson, piano chords for beginners', 'music theory explained'],
    Space: ['space, planets, stars, astronomy, NASA', 'black holes and the universe explained'],
    History: ['history documentary, ancient civilizations, war', 'the story of how it happened, explained'],
    Languages: ['learn a language, grammar and vocabulary lesson', 'English and Spanish speaking practice'],
    Maths: ['mathematics lesson, algebra, geometry, numbers', 'how to solve an equation'],
    'DIY & Crafts': ['do it yourself craft, sewing, woodworking', 'how to build and repair things at home'],
    Tutorials: ['step by step tutorial for beginners', 'online course, lecture and study tips'],
    Ideas: ['TED talk, philosophy, psychology, ideas', 'educational video essay on society and economics'],
    Health: ['medicine, doctor explains the human body', 'mental health, anxiety, sleep and the brain'],
    Books: ['book review, reading and writing a novel', 'author talks about literature'],
    Wildlife: ['wildlife documentary, insects, snakes and spiders', 'animal behaviour in nature explained'],
    Art: ['drawing and painting lesson, art techniques', 'photography tips, composition and lighting'],
  }),
  ...of('Career', {
    'Job Search': ['resume and job interview tips', 'how to get hired, cover letter, LinkedIn profile'],
    Entrepreneurship: ['start a business, startup founder, raise money', 'entrepreneur advice, side hustle'],
    'Personal Finance': ['saving and investing money, stocks, budget', 'retirement, taxes and real estate'],
    Productivity: ['time management at work, productivity habits', 'how to work remotely and stay focused'],
    Leadership: ['management and leadership at the office', 'negotiate a salary raise and promotion'],
    Marketing: ['digital marketing, sales and branding strategy', 'grow an audience as a freelancer'],
  }),
  ...of('Fitness', {
    Workouts: ['home workout, abs, legs, full body exercise', 'HIIT cardio training session'],
    Strength: ['gym, weight lifting, bodybuilding, muscle', 'squat, deadlift and bench press form'],
    Yoga: ['yoga flow, stretching and flexibility', 'pilates, meditation and breathing'],
    Running: ['running a marathon, training plan', 'cycling, swimming and triathlon training'],
    'Weight Loss': ['lose weight, diet, fat loss transformation', 'fitness nutrition, protein and calories'],
  }),
  ...of('Entertainment', {
    Music: [
      'official music video, new single, lyrics',
      'song by the singer featuring the rapper, album',
      'live concert performance, band, acoustic cover',
    ],
    Comedy: ['funny comedy sketch, parody, stand-up', 'prank and hilarious moments, try not to laugh'],
    'Late Night': [
      'late night talk show host interviews a celebrity',
      'talk show monologue and audience games',
    ],
    'Movie Trailers': ['official movie trailer, in theaters', 'teaser of the new film, starring'],
    'TV Shows': [
      'television series season episode, scene, sneak peek',
      'reality show contestants, audition, judges',
    ],
    'Film Talk': ['movie review, film theory, behind the scenes', 'Star Wars, Marvel and Disney fans react'],
    Celebrities: ['celebrity interview, actor and actress', 'famous star gossip, red carpet, awards'],
    Sports: [
      'football game highlights, NFL, touchdown',
      'basketball NBA, soccer goal, baseball',
      'boxing and UFC fight, wrestling, Olympics',
    ],
    Gaming: ['video game gameplay walkthrough', 'Nintendo, PlayStation and Xbox game trailer'],
    Vlogs: ['my daily vlog, storytime with my friends', 'challenge with my boyfriend, Q&A, YouTuber'],
    Animation: ['cartoon, animated short film, anime', 'animation story for children'],
    Dance: ['dance choreography video', 'dancers perform on stage'],
    'Stunts & Tricks': ['trick shots, amazing stunts, people are awesome', 'magic trick and viral challenge'],
  }),
  ...of('Shopping', {
    Beauty: [
      'makeup tutorial, foundation, lipstick, eyeshadow',
      'skincare routine and beauty products review',
      'hairstyle, hair color, nails',
    ],
    Fashion: ['fashion haul, outfits, what to wear', 'clothes, dress, shoes and style lookbook'],
    Hauls: ['shopping haul, unboxing what I bought', 'favorites of the month, products I love'],
    'Home Decor': ['home decor, furniture, room makeover', 'house tour and interior design'],
    Deals: ['discount, sale, coupon, best deals to buy', 'gift ideas and gift guide'],
    Toys: ['toy unboxing, LEGO set, collectibles', 'dolls and action figures review'],
    Cars: ['car review, test drive, new model, price', 'buying a truck, SUV or sports car'],
  }),
  ...of('Tech', {
    Smartphones: ['smartphone review, iPhone, Samsung Galaxy', 'phone camera, battery and screen, hands-on'],
    Gadgets: ['cool gadgets, headphones, smart watch', 'consumer electronics unboxing and first look'],
    Programming: ['programming tutorial, JavaScript, Python code', 'software development, web app, API'],
    'Artificial Intelligence': [
      'artificial intelligence, machine learning, ChatGPT',
      'neural networks and robots',
    ],
    Computers: ['building a gaming PC, graphics card, laptop', 'computer hardware and operating system'],
    Engineering: [
      'engineering, electronics, 3D printing, machine shop',
      'inventions, drones, rockets and electric cars',
    ],
    Apps: ['best mobile apps, software update, settings', 'social media app and internet privacy'],
  }),
  ...of('Misc', {
    News: ['breaking news report', 'BBC and CNN news: what happened today'],
    Weather: ['hurricane, tropical storm and flood', 'weather forecast, snow, wind and rain'],
    Disasters: ['earthquake, wildfire, emergency rescue', 'airplane crash, car accident, explosion'],
    Crime: ['police, shooting, arrest, prison and court', 'murder victim, suspect, investigation'],
    Politics: [
      'president Trump, congress, election, senator',
      'government speech, prime minister, protest',
      'White House press conference, law and rights',
    ],
    'Pets & Animals': ['cute cats and dogs, puppy, kitten', 'funny pets and zoo animals'],
    Family: ['pregnancy, baby, parenting and family life', 'wedding, marriage proposal and relationship'],
    Illness: ['my life with cancer, illness and hospital', 'disability and chronic pain, personal story'],
    Charity: ['charity, donation, awareness campaign', 'human rights and community activism'],
  }),
]
