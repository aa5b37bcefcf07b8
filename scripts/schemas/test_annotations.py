"""What the classes of a Python package say, each on the smallest module that shows it."""

import textwrap
import unittest

import annotations
import dialect

CUSTOMER = '''
class Customer(ListableAPIResource["Customer"]):
    OBJECT_NAME: ClassVar[Literal["customer"]] = "customer"
    id: str
'''
CARD = '''
from shop._customer import Customer

class Card(StripeObject):
    OBJECT_NAME: ClassVar[Literal["issuing.card"]] = "issuing.card"
    holder: Optional["Customer"]
'''
OTHERS = {"shop._customer": CUSTOMER, "shop.issuing._card": CARD}
ORDER = '''
from shop._list_object import ListObject
if TYPE_CHECKING:
    from shop._customer import Customer
    from shop.issuing._card import Card as CardResource

class Order(APIResource["Order"]):
    """An order."""

    OBJECT_NAME: ClassVar[Literal["order"]] = "order"
'''


def components(body: str) -> dict:
    return annotations.components(OTHERS | {"shop._order": ORDER + textwrap.indent(body, "    ")})


class Fields(unittest.TestCase):
    def check(self, annotation: str, expected: dict, text: str = "Told.") -> None:
        body = f'field: {annotation}\n"""\n{text}\n"""\nclass Part(StripeObject):\n    no: int\n'
        self.assertEqual(components(body)["order"]["properties"], {"field": expected})

    def test_scalars_are_told_apart(self) -> None:
        self.check("str", {"type": "string"})
        self.check("Optional[int]", {"type": "integer"})
        self.check("float", {"type": "number"})
        self.check("Optional[bool]", {"type": "boolean"})

    def test_a_decimal_is_text(self) -> None:
        self.check("Optional[Decimal]", {"type": "string"})

    def test_a_whole_number_that_is_called_a_unix_time_is_one(self) -> None:
        time = {"type": "integer", "format": "unix-time"}
        self.check("int", time, "Created. Measured in seconds since the Unix epoch.")
        self.check("Optional[int]", time, "The timestamp after which it expires.")
        self.check("int", {"type": "integer"}, "Measured in milliseconds since the Unix epoch.")
        self.check("int", {"type": "integer"}, "The number of timestamps.")
        self.check("str", {"type": "string"}, "A unix timestamp.")

    def test_literals_have_the_type_of_their_values(self) -> None:
        self.check('Literal["a", "b"]', {"type": "string"})
        self.check('Optional[Union[Literal["a"], str]]', {"type": "string"})
        self.check("Optional[Literal[True]]", {"type": "boolean"})

    def test_a_reference_that_can_be_expanded_is_an_id(self) -> None:
        self.check('Optional[ExpandableField["Customer"]]', {"type": "string"})
        self.check('ExpandableField[Union["Customer", "CardResource"]]', {"type": "string"})
        self.check('Union[str, "Customer"]', {"type": "string"})

    def test_lists_of_the_api_are_arrays(self) -> None:
        items = {"$ref": "#/components/schemas/customer"}
        self.check('Optional[ListObject["Customer"]]', {"type": "array", "items": items})
        self.check("List[str]", {"type": "array", "items": {"type": "string"}})

    def test_a_map_is_a_free_object(self) -> None:
        self.check("Optional[Dict[str, str]]", {"type": "object"})
        self.check("UntypedStripeObject[int]", {"type": "object"})
        self.check("Optional[StripeObject]", {"type": "object"})

    def test_a_class_is_found_by_the_name_that_the_module_gives_it(self) -> None:
        self.check("Optional[Part]", {"$ref": "#/components/schemas/order.Part"})
        self.check("Customer", {"$ref": "#/components/schemas/customer"})
        self.check('"CardResource"', {"$ref": "#/components/schemas/issuing.card"})

    def test_a_union_of_classes_has_them_all(self) -> None:
        branches = ["customer", "issuing.card"]
        one_of = [{"$ref": f"#/components/schemas/{name}"} for name in branches]
        self.check('Union["Customer", "CardResource"]', {"oneOf": one_of})

    def test_an_annotation_of_another_kind_is_refused_with_its_field(self) -> None:
        with self.assertRaisesRegex(ValueError, "`order.when`: `Tuple"):
            components("when: Tuple[int, int]")


class Classes(unittest.TestCase):
    def test_constants_and_private_names_are_no_fields(self) -> None:
        body = 'id: str\n_cls: Type["Order"]\nSHOWN: str = "x"\n'
        self.assertEqual(list(components(body)["order"]["properties"]), ["id"])

    def test_a_reserved_word_has_the_name_that_is_sent(self) -> None:
        body = '_field_remappings = {"from_": "from"}\nfrom_: str\nto: str\n'
        self.assertEqual(list(components(body)["order"]["properties"]), ["from", "to"])

    def test_a_class_within_a_class_hides_an_import_of_its_name(self) -> None:
        body = "class Customer(StripeObject):\n    name: str\nbuyer: Customer\n"
        found = components(body)
        self.assertEqual(
            dialect.shape(found["order"], found)["properties"]["buyer"],
            {"type": "object", "properties": {"name": {"type": "string"}}},
        )

    def test_a_class_of_no_resource_fails_where_it_is_used(self) -> None:
        found = components("id: str\nother: Elsewhere\n")
        with self.assertRaisesRegex(KeyError, "Elsewhere"):
            dialect.shape(found["order"], found)
        self.assertIn("properties", dialect.shape(found["issuing.card"], found))


if __name__ == "__main__":
    unittest.main()
