"""The names that fields of a record have in exports of all kinds: Zotero, Scopus, Web of Science, Embase, Dimensions …

In order: where a record has several, the first that is filled counts. They are compared by letters and digits alone,
without case. Details (see `Paper`) go by BibTeX's names.
"""

from __future__ import annotations

FIELDS = {
    "title": "title articletitle documenttitle primarytitle papertitle displayname itemtitle titleofreference",
    "abstract": "abstract abstractnote abstracttext abstracts summary text",
    "authors": "authorfullnames authorships authorshipsauthordisplayname authorsfullnames authors author authornames "
    "creators authorlist bookauthors bookauthor groupauthors inventors artist",
    "year": "year publicationyear pubyear published date issued datepublished publicationdate dateofpublication "
    "pubdate publishedyear publicationdateonline coverdate publishedat updatedate",
    "venue": "venue journal booktitle publicationtitle journaltitle sourcetitle journalname fulljournalname conference "
    "containertitle journalbook primarylocationsourcedisplayname hostvenuedisplayname anthologytitle publication "
    "conferencename meetingname proceedingstitle conferencetitle websitetitle blogtitle source",
    "doi": "doi itemdoi idsdoi doilink bookdoi",
    "arxiv_id": "arxivid arxiv eprint",
    "pmid": "pmid pubmedid medlinepmid idspmid",
    "url": "url link urls articleurl sourceurls externalurl fulltextlink dimensionsurl pdflink",
    "key": "citationkey citekey bibkey key",
}
DETAILS = {
    "volume": "volume volumenumber journalvolume bibliovolume",
    "number": "issue issuenumber number journalissue biblioissue reportnumber",
    "pages": "pages page pagination pagerange",
    "publisher": "publisher primarylocationsourcehostorganizationname university institution",
    "address": "address place publishercity publisherplace placepublished location",
    "editor": "editor editors bookeditors",
    "translator": "translator",
    "series": "series seriestitle bookseriestitle collectiontitle",
    "edition": "edition",
    "isbn": "isbn isbns",
    "issn": "issn issns primarylocationsourceissn primarylocationsourceissnl eissn",
    "keywords": "keywords authorkeywords manualtags tags keyword subjects keywordsdisplayname subject meshterms "
    "automatictags indexkeywords keywordsplus topicsdisplayname primarytopicdisplayname",
    "note": "note notes extra comments",
    "language": "language languages languageoforiginaldocument articlelanguage languageofarticle",
    "pmcid": "pmcid idspmcid pmc",
    "abbreviation": "journalabbreviation abbreviatedsourcetitle journalisoabbreviation journaliso",
    "shorttitle": "shorttitle",
    "pagetotal": "numpages numberofpages",
    "copyright": "rights license copyright",
}
DATE = "date datepublished publicationdate dateofpublication coverdate published issued publishedat"
FIRST_PAGE = "startpage pagestart firstpage bibliofirstpage"
LAST_PAGE = "endpage pageend lastpage bibliolastpage"
ARTICLE_NUMBER = "artno articlenumber"
TYPE = (
    "itemtype documenttype publicationtype typeofwork entrytype referencetype documentidentifier contenttype "
    "publicationtypes type genre"
)
GENRE = "type thesistype genre"
RETRACTED = "isretracted"
