"""처음 만드는 GAN: 고리의 여덟 봉우리에 점을 찍습니다. 실행: python first_gan_plane.py"""

import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

# --8<-- [start:real]
torch.manual_seed(0)
COUNT, SIZE = 64, 2  # 한 번에 뽑는 표본의 수, 표본 하나에 든 수의 개수


def real():
    angle = torch.randint(8, (COUNT,)) * torch.pi / 4
    return torch.stack([2 * angle.cos(), 2 * angle.sin()], 1) + 0.2 * torch.randn(COUNT, SIZE)


# --8<-- [end:real]
# --8<-- [start:networks]
def network(inputs, outputs, width=32):
    middle = [nn.Linear(inputs, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU()]
    return nn.Sequential(*middle, nn.Linear(width, outputs))


generator = network(SIZE, SIZE)
discriminator = network(SIZE, 1)
# --8<-- [end:networks]
# --8<-- [start:optimizers]
generator_optimizer = torch.optim.SGD(generator.parameters(), lr=0.1)
discriminator_optimizer = torch.optim.SGD(discriminator.parameters(), lr=0.1)
ONE, ZERO = torch.ones(COUNT, 1), torch.zeros(COUNT, 1)  # 진짜와 가짜의 정답
# --8<-- [end:optimizers]


# --8<-- [start:discriminator]
def update_discriminator():
    fake = generator(torch.randn(COUNT, SIZE)).detach()
    loss = cross_entropy(discriminator(real()), ONE) + cross_entropy(discriminator(fake), ZERO)
    discriminator_optimizer.zero_grad()
    loss.backward()
    discriminator_optimizer.step()


# --8<-- [end:discriminator]
# --8<-- [start:generator]
def update_generator():
    fake = generator(torch.randn(COUNT, SIZE))
    loss = cross_entropy(discriminator(fake), ONE)
    generator_optimizer.zero_grad()
    loss.backward()
    generator_optimizer.step()


# --8<-- [end:generator]
# --8<-- [start:loop]
for step in range(801):
    if step % 200 == 0:
        fake = generator(torch.randn(1000, SIZE))
        print(f"{step:4}스텝: 가운데에서 떨어진 거리 {fake.norm(dim=1).mean():.2f}")
    update_discriminator()
    update_generator()
# --8<-- [end:loop]
