"""A small file of every XML format, and how tests read one."""

from __future__ import annotations

import io
from types import ModuleType

from citeworthy.sources.entries import Entry, Skipped
from citeworthy.sources.formats import arxiv_atom, endnote_xml, pubmed_xml, zotero_rdf

ABSTRACT = "We measured it in 12 patients. It fell by 30%."
PUBMED = f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle//EN" "https://dtd.nlm.nih.gov/pubmed.dtd">
<PubmedArticleSet>
<PubmedArticle><MedlineCitation>
  <PMID Version="1">123456</PMID>
  <Article>
    <Journal><ISSN>1234-5678</ISSN>
      <JournalIssue><Volume>7</Volume><Issue>2</Issue>
        <PubDate><Year>2018</Year><Month>May</Month><Day>5</Day></PubDate></JournalIssue>
      <Title>Journal of Tests</Title><ISOAbbreviation>J. Tests</ISOAbbreviation></Journal>
    <ArticleTitle>The <i>TERT</i> gene &amp; x<sup>2</sup></ArticleTitle>
    <Pagination><MedlinePgn>764-9</MedlinePgn></Pagination>
    <ELocationID EIdType="doi" ValidYN="N">10.1000/wrong</ELocationID>
    <ELocationID EIdType="doi">10.1000/right</ELocationID>
    <Abstract>
      <AbstractText Label="BACKGROUND">We measured <b>it</b>.</AbstractText>
      <AbstractText Label="UNLABELLED">In 12 patients.</AbstractText>
      <AbstractText Label="RESULTS">It fell by 30%.</AbstractText>
      <CopyrightInformation>(c) 2018 Tests</CopyrightInformation>
    </Abstract>
    <AuthorList>
      <Author><LastName>Lovelace</LastName><ForeName>Ada</ForeName><Suffix>Jr</Suffix>
        <AffiliationInfo><Affiliation>London</Affiliation></AffiliationInfo></Author>
      <Author ValidYN="N"><LastName>Lovelaec</LastName><ForeName>Ada</ForeName></Author>
      <Author><LastName>Turing</LastName><Initials>A</Initials></Author>
      <Author><CollectiveName>WHO Collaboration</CollectiveName></Author>
    </AuthorList>
    <Language>eng</Language>
    <PublicationTypeList><PublicationType>Retracted Publication</PublicationType></PublicationTypeList>
  </Article>
  <CommentsCorrectionsList>
    <CommentsCorrections RefType="Cites"><RefSource>Else</RefSource></CommentsCorrections>
    <CommentsCorrections RefType="RetractionIn"><RefSource>J Tests. 2020;9:1</RefSource><PMID>99</PMID>
    </CommentsCorrections>
  </CommentsCorrectionsList>
  <MeshHeadingList><MeshHeading><DescriptorName>Malaria</DescriptorName><QualifierName>drug therapy</QualifierName>
  </MeshHeading></MeshHeadingList>
  <KeywordList><Keyword>telomere</Keyword></KeywordList>
</MedlineCitation>
<PubmedData>
  <ArticleIdList><ArticleId IdType="pmc">PMC77777</ArticleId></ArticleIdList>
  <ReferenceList><Reference><ArticleIdList><ArticleId IdType="pmc">PMC1</ArticleId></ArticleIdList></Reference>
  </ReferenceList>
</PubmedData></PubmedArticle>
<PubmedArticle><MedlineCitation><PMID>2</PMID><Article>
  <Journal><JournalIssue><PubDate><MedlineDate>1998 Dec-1999 Jan</MedlineDate></PubDate></JournalIssue></Journal>
  <ArticleTitle>[Not Available].</ArticleTitle><VernacularTitle>Die Messung</VernacularTitle></Article>
  <OtherAbstract Language="ger"><AbstractText>Wir haben es gemessen.</AbstractText></OtherAbstract>
  <OtherAbstract Language="eng"><AbstractText>{ABSTRACT}</AbstractText>
    <AbstractText>Twice.</AbstractText></OtherAbstract>
</MedlineCitation></PubmedArticle>
<PubmedBookArticle><BookDocument><PMID>3</PMID>
  <Book><Publisher><PublisherName>Press</PublisherName><PublisherLocation>Oslo</PublisherLocation></Publisher>
    <BookTitle>All of it</BookTitle><PubDate><Year>2009</Year><Month>02</Month></PubDate><Isbn>978186</Isbn>
    <AuthorList Type="editors"><Author><LastName>Gu</LastName><ForeName>Al</ForeName></Author></AuthorList></Book>
  <ArticleTitle>A chapter</ArticleTitle>
  <AuthorList Type="authors"><Author><LastName>Lee</LastName><ForeName>Ann</ForeName></Author></AuthorList>
</BookDocument></PubmedBookArticle>
</PubmedArticleSet>
"""
RECORD = (
    "<PubmedArticle><MedlineCitation><Article><ArticleTitle>{}</ArticleTitle></Article></MedlineCitation>"
    "</PubmedArticle>"
)
ENDNOTE = f"""<?xml version="1.0" encoding="UTF-8" ?><xml><records><record>
<database name="a">My.enl</database><ref-type name="Journal Article">17</ref-type>
<contributors><authors><author><style face="normal">Baird, </style><style face="italic">J. K.</style></author>
<author><style>WHO Collaboration,</style></author></authors></contributors>
<titles><title><style>Latent </style><style face="italic">malaria</style></title>
<secondary-title><style>J. Tests</style></secondary-title><alt-title>Journal of Tests</alt-title></titles>
<pages>1-2</pages><volume>3</volume><number>4</number><edition>2019/08/02</edition>
<keywords><keyword><style>one&#xD;two</style></keyword><keyword>three</keyword></keywords>
<dates><year><style>2019</style></year><pub-dates><date>Sep 18</date></pub-dates></dates>
<isbn>0893-8512 (Print)&#xD;0893-8513</isbn><accession-num>31366609</accession-num>
<abstract><style>{ABSTRACT}</style></abstract><notes>First&#xD;second</notes><research-notes>Mine</research-notes>
<urls><related-urls><url>&lt;Go to ISI&gt;://1</url><url>https://example.org/1</url></related-urls></urls>
<custom2>PMC6750137</custom2><electronic-resource-num>10.1128/cmr.11</electronic-resource-num>
<remote-database-provider>NLM</remote-database-provider><language>eng</language></record>
<record><ref-type name="Thesis">32</ref-type><titles><title>A thesis</title></titles><publisher>MIT</publisher>
<work-type>Master thesis</work-type><urls><related-urls><url>http://dx.doi.org/10.1000/t</url></related-urls></urls>
</record><record><rec-number>3</rec-number></record></records></xml>"""
RDF_HEAD = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:z="http://www.zotero.org/namespaces/export#" xmlns:dcterms="http://purl.org/dc/terms/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:bib="http://purl.org/net/biblio#"
 xmlns:foaf="http://xmlns.com/foaf/0.1/" xmlns:link="http://purl.org/rss/1.0/modules/link/"
 xmlns:prism="http://prismstandard.org/namespaces/1.2/basic/" xmlns:vcard="http://nwalsh.com/rdf/vCard#">
"""
PERSON = (
    "<rdf:li><foaf:Person><foaf:surname>{}</foaf:surname>\n<foaf:givenName>{}</foaf:givenName></foaf:Person></rdf:li>"
)
ZOTERO = f"""{RDF_HEAD}<bib:Article rdf:about="#item_1"><z:itemType>journalArticle</z:itemType>
<dcterms:isPartOf rdf:resource="urn:issn:1"/>
<bib:authors><rdf:Seq>{PERSON.format("Eldik", "Maarten")}
<rdf:li><foaf:Person><foaf:surname>WHO Collaboration</foaf:surname></foaf:Person></rdf:li></rdf:Seq></bib:authors>
<dcterms:isReferencedBy rdf:resource="#item_9"/><link:link rdf:resource="#item_8"/>
<dc:subject>IFC</dc:subject><dc:subject><z:AutomaticTag><rdf:value>BIM</rdf:value></z:AutomaticTag></dc:subject>
<dc:identifier><dcterms:URI><rdf:value>https://example.org/1</rdf:value></dcterms:URI></dc:identifier>
<dc:date>August 10, 2011</dc:date><bib:pages>5-9</bib:pages>
<dc:description>PMID: 1234567
Publisher: Press
Citation Key: eldik2011</dc:description>
<dcterms:abstract>{ABSTRACT}</dcterms:abstract><dc:title>An article</dc:title></bib:Article>
<bib:Memo rdf:about="#item_9"><rdf:value>&lt;p&gt;Read &lt;b&gt;this&lt;/b&gt;&lt;/p&gt;</rdf:value></bib:Memo>
<z:Attachment rdf:about="#item_8"><z:itemType>attachment</z:itemType><dc:title>PDF</dc:title></z:Attachment>
<bib:Journal rdf:about="urn:issn:1"><dc:title>Journal of Tests</dc:title><prism:volume>7</prism:volume>
<prism:number>2</prism:number><dcterms:alternative>J. Tests</dcterms:alternative>
<dc:identifier>DOI 10.1000/j</dc:identifier><dc:identifier>ISSN 1234-5678</dc:identifier></bib:Journal>
<rdf:Description rdf:about="#item_2"><z:itemType>conferencePaper</z:itemType>
<dcterms:isPartOf><bib:Journal><dcterms:isPartOf><bib:Series><dc:title>LNCS</dc:title></bib:Series>
</dcterms:isPartOf></bib:Journal></dcterms:isPartOf>
<bib:presentedAt><bib:Conference><dc:title>TestConf</dc:title></bib:Conference></bib:presentedAt>
<dc:title>A talk</dc:title></rdf:Description>
<bib:Thesis rdf:about="#item_3"><z:itemType>thesis</z:itemType><z:type>MSc Thesis</z:type>
<dc:publisher><foaf:Organization><foaf:name>MIT</foaf:name></foaf:Organization></dc:publisher>
<dc:title>A thesis</dc:title></bib:Thesis>
<bib:Memo rdf:about="#item_4"><z:itemType>note</z:itemType><rdf:value>To do</rdf:value></bib:Memo>
<z:Attachment rdf:about="#item_5"><z:itemType>attachment</z:itemType><dc:title>Lonely PDF</dc:title></z:Attachment>
<z:Collection rdf:about="#collection_1"><dc:title>Mine</dc:title></z:Collection>
</rdf:RDF>"""
ATOM = f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom"
 xmlns="http://www.w3.org/2005/Atom"><id>https://arxiv.org/api/x</id><title>arXiv Query</title>
<opensearch:totalResults>214881</opensearch:totalResults>
<entry><id>http://arxiv.org/abs/2202.12139v1</id><title>Testing Deep
  Models</title><summary>  {ABSTRACT}
Folded.</summary><category term="cs.LG"/><category term="cs.SE"/><published>2022-02-24T15:05:19Z</published>
<arxiv:comment>8 pages</arxiv:comment><arxiv:primary_category term="cs.SE"/><arxiv:journal_ref>J. 1</arxiv:journal_ref>
<author><name>Mohit Ahuja</name><arxiv:affiliation>X</arxiv:affiliation></author><author><name>Bo Li</name></author>
<arxiv:doi>10.1109/1</arxiv:doi></entry>
<entry><id>http://arxiv.org/api/errors#incorrect_id</id><title>Error</title>
<summary>incorrect id format</summary></entry>
</feed>"""
VALID = ((pubmed_xml, PUBMED), (endnote_xml, ENDNOTE), (zotero_rdf, ZOTERO), (arxiv_atom, ATOM))


def read(reader: ModuleType, text: str) -> tuple[list[Entry], list[Skipped]]:
    found = list(reader.read(io.StringIO(text), "test"))
    return [e for e in found if isinstance(e, Entry)], [s for s in found if isinstance(s, Skipped)]


def pubmed(*titles: str) -> str:
    return "<PubmedArticleSet>\n" + "".join(f"{RECORD.format(title)}\n" for title in titles) + "</PubmedArticleSet>\n"


def titles(entries: list[Entry]) -> list[str]:
    return [entry.paper.title for entry in entries]
