"""Granvik, an invented municipality in the woods, on WordPress with the Municipio theme."""

# ruff: noqa: E501  (the words of pages, a block a line)

from archiver.demo.markup import Article
from archiver.demo.town import Leaflet, Town

_POLITIK = "/kommun-politik"
_FILES = "/app/uploads"

ARTICLES = (
    Article(
        f"{_POLITIK}/",
        "Kommun & politik",
        """
        Granvik är en liten kommun med korta avstånd till besluten. Den som vill kan ta hissen upp till kommunalrådet.
        - [Kommunfullmäktige](/kommun-politik/kommunfullmaktige/)
        - [Kommunstyrelsen](/kommun-politik/kommunstyrelsen/)
        - [Socialnämnden](/kommun-politik/namnder/socialnamnden/)
        - [Styrande dokument](/kommun-politik/styrande-dokument/)
        - [Protokoll](/kommun-politik/protokoll/)
        - [Anslagstavla](/kommun-politik/anslagstavla/)
        - [Budget](/kommun-politik/budget/)
        - [Nyheter](/nyheter/)
        """,
        published="2021-05-18T08:00:00",
        updated="2025-08-21T10:12:40",
        stamp="page",
    ),
    Article(
        f"{_POLITIK}/kommunfullmaktige/",
        "Kommunfullmäktige",
        """
        Fullmäktige har 25 ledamöter. Sammanträdena hålls i Granviks bio och sänds i närradion. Nästa sammanträde är den 16 mars 2026 klockan 18.30.
        | Uppdrag | Namn | Parti
        | Ordförande | Ingegerd Fors | Granvikslistan
        | Vice ordförande | Mats-Erik Gradin | Skog och by
        ## Medborgarförslag
        Alla som är folkbokförda i Granvik får lämna medborgarförslag, även barn. År 2024 kom det in 14 förslag, varav nio handlade om isbanan.
        """,
        published="2021-05-18T08:05:00",
        updated="2026-01-22T13:40:11",
        stamp="page",
    ),
    Article(
        f"{_POLITIK}/kommunstyrelsen/",
        "Kommunstyrelsen",
        """
        Kommunstyrelsen sammanträder varannan tisdag. Ordförande är Ulla-Karin Ström, Granvikslistan. Läs mer [om kommunen](/om-kommunen/).
        ! Kontakta kommunstyrelsen
        ! Torget 3, 999 20 Granvik. Telefon 0991-200 00.
        """,
        published="2021-05-18T08:07:00",
        updated="2025-02-03T09:00:00",
        stamp="page",
    ),
    Article(
        f"{_POLITIK}/namnder/socialnamnden/",
        "Socialnämnden",
        """
        Socialnämnden ansvarar för äldreomsorg, stöd till barn och familjer samt ekonomiskt bistånd.
        ## Avgifter
        Högsta avgiften för hemtjänst är 2 575 kronor i månaden. Trygghetslarm kostar 195 kronor i månaden.
        ## Frågor och svar
        ? Kan jag få avgiften prövad på nytt? | Ja, när som helst under året, till exempel om din inkomst har ändrats.
        ? Hur snabbt får jag besked? | Du får ett beslut inom två veckor från det att vi har alla uppgifter.
        """,
        published="2022-02-01T08:00:00",
        updated="2026-01-02T08:30:00",
        stamp="page",
    ),
    Article(
        f"{_POLITIK}/styrande-dokument/",
        "Styrande dokument",
        f"""
        Dokumenten är antagna av kommunfullmäktige om inget annat anges.
        - [Näringslivsstrategi 2025–2030]({_FILES}/2025/04/Naringslivsstrategi.pdf "PDF, 2 kB")
        - [Lokala ordningsföreskrifter]({_FILES}/2023/11/Ordningsforeskrifter.pdf "PDF, 2 kB")
        ## Under arbete
        En ny skogspolicy är ute på remiss till och med den 31 januari 2026. Synpunkter lämnas till kommunkansliet.
        """,
        published="2021-05-18T08:20:00",
        updated="2025-11-28T15:02:00",
        stamp="page",
    ),
    Article(
        f"{_POLITIK}/protokoll/",
        "Protokoll",
        f"""
        Justerade protokoll från kommunstyrelse och fullmäktige.
        - [Kommunstyrelsen 3 februari 2026]({_FILES}/2026/02/KS-protokoll.pdf "PDF, 2 kB")
        Äldre protokoll finns i [kommunens arkiv](/kommun-politik/arkiv/).
        """,
        published="2021-05-18T08:30:00",
        updated="2026-02-10T11:00:00",
        stamp="page",
    ),
    Article(
        f"{_POLITIK}/anslagstavla/",
        "Anslagstavla",
        """
        Granviks kommuns digitala anslagstavla. Anslag sitter uppe i tre veckor.
        ## Kommunfullmäktige sammanträder
        Datum: 16 mars 2026. Plats: Granviks bio.
        ## Justerat protokoll, socialnämnden § 8–15
        Sammanträdesdatum: 2026-02-18. Datum då anslag sätts upp: 2026-02-24. Datum då anslag tas ned: 2026-03-18.
        ## Samråd om detaljplan för Sågverkstomten
        Handlingarna finns i kommunhuset till och med den 20 mars 2026.
        """,
    ),
    Article(
        f"{_POLITIK}/budget/",
        "Budget",
        """
        Granviks kommun budgeterar för ett överskott på två procent 2026. Skattesatsen är 22,87 kronor.
        | Nämnd | Budget 2025 | Budget 2026
        | Kommunstyrelsen | 61,2 | 63,0
        | Socialnämnden | 204,7 | 211,3
        | Bildningsnämnden | 233,9 | 238,5
        Beloppen är i miljoner kronor.
        """,
        published="2025-11-24T16:00:00",
        updated="2025-11-24T16:00:00",
        stamp="page",
    ),
    Article(
        "/nyheter/",
        "Nyheter",
        """
        - [Isbanan håller ännu](/nyheter/isbanan-haller-annu/)
        - [Ny förskola får namn efter omröstning](/nyheter/ny-forskola-far-namn/)
        """,
    ),
    Article(
        "/nyheter/isbanan-haller-annu/",
        "Isbanan håller ännu",
        """
        Trots tövädret är isen på Granviken fortfarande 32 centimeter tjock. Isbanan hålls öppen till den 8 mars om vädret tillåter.
        – Vi mäter varje morgon och stänger hellre en dag för tidigt, säger fritidschef Bosse Rydell.
        """,
        published="2026-02-19T09:30:00",
        updated="2026-02-19T09:30:00",
        stamp="page",
    ),
    Article(
        "/nyheter/ny-forskola-far-namn/",
        "Ny förskola får namn efter omröstning",
        """
        Den nya förskolan vid Björkbacken ska heta Kotten. Namnet vann över Granen med elva rösters marginal.
        Förskolan öppnar i augusti 2026 och får plats för 80 barn. Upphandlingen avslutades innan beslutet publicerades.
        """,
        published="2026-02-26T14:00:00",
        updated="2026-02-26T14:00:00",
        stamp="page",
    ),
)

LEAFLETS = (
    Leaflet(
        f"{_FILES}/2025/04/Naringslivsstrategi.pdf",
        "Näringslivsstrategi 2025–2030",
        (
            "# Vision",
            "Granvik ska vara en av landets tio bästa småkommuner att driva företag i år 2030.",
            "# Löften till företagare",
            "Den som ringer ska få tala med en människa. Tillstånd ska handläggas inom 30 dagar.",
        ),
        "2025-04-14T11:00",
    ),
    Leaflet(
        f"{_FILES}/2023/11/Ordningsforeskrifter.pdf",
        "Lokala ordningsföreskrifter för Granviks kommun",
        (
            "1 § Föreskrifterna gäller på offentlig plats i tätorten.",
            "2 § Hundar ska hållas kopplade på torget och vid isbanan.",
            "3 § Affischering kräver tillstånd, utom på anslagspelaren vid bion.",
        ),
        "2023-11-20T08:00",
    ),
    Leaflet(
        f"{_FILES}/2026/02/KS-protokoll.pdf",
        "Sammanträdesprotokoll kommunstyrelsen 2026-02-03",
        (
            "# § 9 Namn på förskola",
            "Kommunstyrelsen beslutar att låta invånarna rösta om namnet på förskolan vid Björkbacken.",
            "# § 10 Isbanans belysning",
            "Kommunstyrelsen avsätter 140 000 kronor ur reserven.",
        ),
        "2026-02-10T10:45",
    ),
)

GRANVIK = Town(
    id="granvik",
    name="Granvik",
    title="Granviks kommun",
    theme="municipio",
    articles=ARTICLES,
    leaflets=LEAFLETS,
    menu=(
        (f"{_POLITIK}/", "Kommun & politik"),
        (f"{_POLITIK}/anslagstavla/", "Anslagstavla"),
        ("/nyheter/", "Nyheter"),
    ),
    moved=((_POLITIK, f"{_POLITIK}/"), ("/om-kommunen/", f"{_POLITIK}/")),
    barred=("/wp-admin/",),
)
