"""Parties and how to reach them (canonical schema 3.3)."""

from __future__ import annotations

from metaharmon.model.fields import LangText, Part, Uri, field


class Address(Part):
    """A postal address."""

    text: LangText | None = field(
        "地址", "The address in one text.", term="vcard:hasAddress", standards=("GB/T 21063.3 cntAdd",)
    )
    country: str | None = field("国家", "The country.", codelist="iso3166-1")
    region: str | None = field("省级行政区", "The region or province.")
    locality: str | None = field("城市", "The city or town.")
    street: str | None = field("街道", "The street and number.")
    postal_code: str | None = field("邮政编码", "The postal code.")


class Contact(Part):
    """A person or desk to turn to."""

    name: LangText | None = field("联系人", "The name of the person or desk.", term="vcard:fn")
    position: LangText | None = field("职务", "The position of the person.")
    telephone: list[str] | None = field("电话", "Telephone numbers as written.", lists="sequence")
    fax: list[str] | None = field("传真", "Fax numbers as written.", lists="sequence", term="vcard:hasTelephone")
    email: list[str] | None = field("邮箱", "E-mail addresses.", lists="sequence", term="vcard:hasEmail", form="email")
    url: Uri | None = field("网址", "A contact page.")
    hours: str | None = field("服务时间", "When it can be reached, as written.")
    personal: bool | None = field("是否个人", "Whether it names a person; set by the mapping, never guessed.")


class Parent(Part):
    """A body to which a party belongs."""

    NATURAL = "name"

    name: LangText | None = field("单位", "Its name.", term="foaf:name")
    ids: dict[str, str] | None = field("标识", "Its identifiers by scheme.", codelist="party_id_scheme")


class Party(Part):
    """A person or body in one role; the first party of a role is the primary one."""

    NATURAL = "name"

    name: LangText | None = field("名称", "The name.", term="foaf:name")
    type: str | None = field("主体类型", "What kind of body it is.", codelist="party_type")
    given_name: str | None = field("名", "The given name of a natural person.", term="foaf:givenName")
    family_name: str | None = field("姓", "The family name of a natural person.")
    ids: dict[str, str] | None = field(
        "主体标识",
        "Identifiers by scheme; a unified social credit code with a bad check character is kept.",
        codelist="party_id_scheme",
        term="adms:identifier",
        standards=("GB 32100-2015",),
    )
    description: LangText | None = field("简介", "What it is.", term="dct:description")
    affiliation: list[Parent] | None = field(
        "所属机构", "The bodies to which a person belongs.", lists="sequence", key="name", term="schema:affiliation"
    )
    parents: list[Parent] | None = field(
        "上级单位", "The bodies above it, nearest first.", lists="sequence", key="name", term="org:subOrganizationOf"
    )
    address: Address | None = field("地址", "The address.", term="vcard:hasAddress", standards=("GB/T 21063.3 cntAdd",))
    contacts: list[Contact] | None = field(
        "联系方式", "Contacts of this party.", lists="sequence", key="name|email|telephone", term="dcat:contactPoint"
    )
    logo: Uri | None = field("标识图", "The address of its logo.", term="schema:logo")
    website: Uri | None = field("网站", "The website.", term="foaf:homepage")
